// Two copies of tfjs-core, really loaded: the second from a copy of its file.

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as umbrella from '@tensorflow/tfjs'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, expect, test } from 'vitest'
import { backendReady, oneCore } from './core-instance.js'
import { eagerEngine } from './eager-engine.js'
import { tfjsExecutor } from './executor/tfjs-executor.js'
import { lotionOptimizer } from './lotion-optimizer.js'

const require = createRequire(import.meta.url)
const file = require.resolve('@tensorflow/tfjs-core')
// Beside the first, where its dependencies are found.
const folder = mkdtempSync(join(dirname(file), 'copy-'))
afterAll(() => rmSync(folder, { recursive: true }))
copyFileSync(file, join(folder, 'copy.js'))
const copy = require(join(folder, 'copy.js')) as typeof tf

const refused =
  /^tf: expected one @tensorflow\/tfjs-core, that of @lotion\/tfjs, 4\.22\.0, found another, 4\./

test('tfjs holds the tfjs-core that is imported', () => {
  expect(oneCore(umbrella)).toBe(umbrella)
  expect(oneCore(tf)).toBe(tf)
})

test('another copy is refused by name, though it shares the engine', () => {
  expect(copy.engine()).toBe(tf.engine())
  expect(() => oneCore(copy)).toThrow(refused)
  expect(() => eagerEngine(copy)).toThrow(refused)
  expect(() => tfjsExecutor({ tf: copy })).toThrow(refused)
  expect(() => lotionOptimizer({ tf: copy, steps: 1, compile: () => expect.fail() })).toThrow(refused)
})

test('an instance of another version is refused with that version', () => {
  expect(() => oneCore({ ...tf, version_core: '4.10.0' } as unknown as typeof tf)).toThrow(
    'found another, 4.10.0; see `npm ls',
  )
})

test('no backend at all is said in one line', async () => {
  const bare = { ...tf, engine: () => ({ registryFactory: {} }) } as unknown as typeof tf
  await expect(backendReady(bare)).rejects.toThrow("import '@tensorflow/tfjs-backend-cpu', or another")
})
