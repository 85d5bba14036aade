import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { versions } from './versions.js'

test('names every package that is installed, with its own version', () => {
  const found = versions()
  const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
    dependencies: Record<string, string>
  }
  expect(found['node']).toBe(process.versions.node)
  expect(found['@lotion/bench']).toBe(manifest.version)
  for (const name of ['@tensorflow/tfjs-core', 'onnxruntime-node'])
    // A caret range holds what is installed: as long as the major version is one of it.
    expect(found[name]?.split('.')[0]).toBe(/^\^(\d+)\./.exec(manifest.dependencies[name] ?? '')?.[1])
  expect(
    Object.entries(found).filter(([, version]) => version === 'not found' || version === 'unknown'),
  ).toEqual([])
})
