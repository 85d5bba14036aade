// Command: `lotion env`. Comes in: nothing. Goes out: what a report of a fault needs to say of the machine
// and of what is installed.
// Source: the questions of an issue template; nothing is sent anywhere, and no path or name of the user is
// printed.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism, cpus, freemem, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { bytesText } from '@lotion/core/internal'
import { commandBringers } from '../commands.js'
import { defineCommand } from '../kit/cli-command.js'
import { flag } from '../kit/option-values.js'
import { toolVersion } from '../tool-version.js'

/** What commands use if it is there, besides the packages that bring commands. */
const optionals = [
  'tsx',
  '@tensorflow/tfjs-core',
  '@tensorflow/tfjs',
  'onnxruntime-node',
  'webgpu',
  'vitest',
  'typescript',
]

/** Variables that change what commands do. */
const variables = [
  'LOTION_DEBUG',
  'LOTION_PYTHON',
  'NODE_OPTIONS',
  'NO_COLOR',
  'VK_DRIVER_FILES',
  'VK_ADD_DRIVER_FILES',
]

/** Tell what a report of a fault should say. */
export const envCommand = defineCommand({
  path: ['env'],
  summary: 'print versions, the machine and what is installed, for a report of a fault',
  options: {
    json: { flags: '--json', description: 'print it as one line of JSON', schema: flag },
  },
  examples: ['lotion env'],
  run: ({ json }, { stdout }) => {
    const facts: Readonly<Record<string, string>> = {
      '@lotion/cli': toolVersion(),
      node: process.versions.node,
      system: `${process.platform} ${process.arch}, ${release()}`,
      processor: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} of ${cpus().length} cores to be used`,
      memory: `${bytesText(totalmem())}, ${bytesText(freemem())} free${limitText()}`,
      ...Object.fromEntries(
        [...commandBringers.map(({ name }) => name), ...optionals].map((name) => [
          name,
          installedVersion(name) ?? 'not installed',
        ]),
      ),
      ...Object.fromEntries(variables.flatMap((name) => (process.env[name] ? [[name, 'set']] : []))),
    }
    const width = Math.max(...Object.keys(facts).map(({ length }) => length))
    const lines = Object.entries(facts).map(([name, text]) => `${name.padEnd(width)}  ${text}`)
    stdout.write(json ? `${JSON.stringify(facts)}\n` : `${lines.join('\n')}\n`)
    return Promise.resolve()
  },
})

/** Memory that a container allows, where that is less than the machine has. */
function limitText(): string {
  const limit = process.constrainedMemory()
  return limit > 0 && limit < totalmem() ? `; this process may use ${bytesText(limit)}` : ''
}

/** The version of a package, as this one or the working folder finds it. */
function installedVersion(name: string): string | undefined {
  for (const from of [import.meta.url, join(process.cwd(), 'package.json')]) {
    // Not by resolving package.json, which many packages do not export.
    for (const folder of createRequire(from).resolve.paths(name) ?? []) {
      try {
        const manifest: unknown = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8'))
        if (typeof manifest === 'object' && manifest !== null && 'version' in manifest)
          return String(manifest.version)
      } catch {
        // Not there: the next folder may have it.
      }
    }
  }
  return undefined
}
