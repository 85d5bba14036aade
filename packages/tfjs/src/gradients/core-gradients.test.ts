import { version_core as installed } from '@tensorflow/tfjs-core'
import { afterEach, expect, it, vi } from 'vitest'
import { versionWarning } from './core-gradients.js'

afterEach(() => {
  vi.restoreAllMocks()
  vi.resetModules()
  vi.doUnmock('@tensorflow/tfjs-core')
})

it('says nothing where the copied gradients are those of tfjs-core', () => {
  expect(versionWarning(installed, installed)).toBeUndefined()
})

it('names both versions as soon as it is imported beside another tfjs-core', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  vi.resetModules()
  vi.doMock('@tensorflow/tfjs-core', async (original) => ({
    ...(await original<object>()),
    version_core: '4.99.0',
  }))
  await import('./core-gradients.js')
  expect(warn.mock.calls.flat().join()).toBe(
    `lotion: @tensorflow/tfjs-core: expected ${installed}, whose gradients @lotion/tfjs brings for Node, found 4.99.0; ` +
      `one that 4.99.0 changed would be the old one: install @tensorflow/tfjs-core@${installed}, or a later @lotion/tfjs`,
  )
})
