// The site's look: VitePress's own, with the live figures. Figures load when a page that has one is opened.

import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme-without-fonts'
import { defineAsyncComponent } from 'vue'
import './style.css'

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp: ({ app }) => {
    app.component(
      'Staircase',
      defineAsyncComponent(() => import('./Staircase.vue')),
    )
    app.component(
      'Smoothed',
      defineAsyncComponent(() => import('./Smoothed.vue')),
    )
    app.component(
      'Block',
      defineAsyncComponent(() => import('./Block.vue')),
    )
    app.component(
      'Formula',
      defineAsyncComponent(() => import('./Formula.vue')),
    )
  },
}
export default theme
