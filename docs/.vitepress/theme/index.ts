// The site's look: VitePress's own, with the live figures. Figures load when a page that has one is opened.

import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineAsyncComponent, h, type Component } from 'vue'
import HeroPicture from './HeroPicture.vue'
import { useMainLandmark } from './landmark.js'
import './style.css'

const figures: Readonly<Record<string, () => Promise<{ default: Component }>>> = {
  Staircase: () => import('./Staircase.vue'),
  Smoothed: () => import('./Smoothed.vue'),
  Block: () => import('./Block.vue'),
  Fit: () => import('./Fit.vue'),
  Formula: () => import('./Formula.vue'),
}

const theme: Theme = {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, undefined, { 'home-hero-image': () => h(HeroPicture) }),
  setup: useMainLandmark,
  enhanceApp: ({ app }) => {
    for (const [name, load] of Object.entries(figures)) app.component(name, defineAsyncComponent(load))
  },
}
export default theme
