import { afterEach, expect, it, vi } from 'vitest'
import { maySkip } from './skips.mjs'

afterEach(() => vi.unstubAllEnvs())

it.each(['', 'false'])('lets a desk skip what it has not (CI=%j)', (ci) => {
  vi.stubEnv('CI', ci)
  expect(maySkip('chromium')).toBe(true)
})

it('lets CI skip nothing that there is a build of', () => {
  vi.stubEnv('CI', 'true')
  expect(['chromium', 'node 26'].map(maySkip)).toEqual([false, false])
})
