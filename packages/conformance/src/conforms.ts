// The laws as tests of vitest. Comes in: a kind and a plugin. Goes out: one test a law. Source: `verify`.

import { describe, expect, it } from 'vitest'
import { checksOf, nameOf, type Kind, type Plugins } from './verify.js'

export type { AnyExecutor } from './executor-laws.js'
export type { Kind, Plugins } from './verify.js'

/** Milliseconds for one law: it takes a second where nothing else runs. */
const PATIENCE = 60_000

/**
 * Declare a test for every law of the kind, titled by its sentence; call it in a test file or `describe`.
 * @param kind Whose laws are meant, such as `noise`.
 * @param plugin Of that kind; for a pair, its format and its noise.
 */
export function conforms<K extends Kind>(kind: K, plugin: Plugins[K]): void {
  describe(`${nameOf(plugin)} is a ${kind}`, () => {
    for (const check of checksOf(kind, plugin)) {
      it(`${check.name}: ${check.law}`, { timeout: PATIENCE }, async ({ skip }) => {
        const reports = await check.run()
        if (reports.every(({ outcome }) => outcome === 'skipped'))
          skip('the law says nothing about this plugin, or the plugin nothing about the claim')
        expect(reports.flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []))).toEqual([])
      })
    }
  })
}
