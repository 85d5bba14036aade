// Plugins against their laws, for tests. Comes in: a kind, plugins. Goes out: tests, names and messages of
// the laws that are broken.
import { describe, expect, it } from 'vitest'
import { checksOf, verify, type Kind, type Plugins } from '../src/verify.js'

/** Plugins by the name of the law that they must fail. */
export type Wrong<K extends Kind> = Readonly<Record<string, Plugins[K]>>

/**
 * Declare a test for every law of the kind: its plugin fails it, with a message that holds the law's
 * sentence.
 */
export function eachLawIsBroken<K extends Kind>(kind: K, wrong: Wrong<K>): void {
  describe(`for each law of a ${kind} there is a plugin that fails it`, () => {
    const names = checksOf(kind, Object.values(wrong)[0]!).map(({ name }) => name)

    it('and none is missing', () => expect(Object.keys(wrong).sort()).toEqual([...names].sort()))

    it.each(names)('%s', async (name) => {
      const check = checksOf(kind, wrong[name]!).find((each) => each.name === name)!
      const [report] = await check.run()
      expect(report).toMatchObject({ check: name, law: check.law, outcome: 'failed' })
      expect(report!.message).toContain(check.law)
    })
  })
}

/**
 * Declare a test for each plugin: it fails its law in f32, so it did not fail it in f64, which is tried
 * first.
 */
export function brokenInF32<K extends Kind>(kind: K, wrong: Wrong<K>): void {
  describe(`a ${kind} that is right in f64 and wrong in f32 fails`, () => {
    it.each(Object.keys(wrong))('%s', async (name) => {
      const check = checksOf(kind, wrong[name]!).find((each) => each.name === name)!
      const [report] = await check.run()
      expect(report).toMatchObject({ check: name, outcome: 'failed' })
      // At its end: the law's sentence may name both.
      expect(report!.message).toMatch(/ in f32$/)
    })
  })
}

/** What the laws that a plugin fails say about it. */
export async function failures<K extends Kind>(kind: K, plugin: Plugins[K]): Promise<readonly string[]> {
  return (await verify(kind, plugin)).flatMap(({ outcome, message }) =>
    outcome === 'failed' ? [message] : [],
  )
}

/** Names of the laws that a plugin fails. */
export async function brokenLaws<K extends Kind>(kind: K, plugin: Plugins[K]): Promise<readonly string[]> {
  return (await verify(kind, plugin)).flatMap(({ outcome, check }) => (outcome === 'failed' ? [check] : []))
}
