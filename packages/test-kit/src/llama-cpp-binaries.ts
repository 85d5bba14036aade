// Where the binaries of llama.cpp are, which npm's node-llama-cpp brings for each system. Comes in: nothing.
// Goes out: a folder, or why there is none.

import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const systems = { darwin: 'mac', linux: 'linux', win32: 'win' } as const

/** The folder of the libraries; undefined where there are none for this system. */
export const llamaCppBinaries: string | undefined = (() => {
  const system = Object.hasOwn(systems, process.platform)
    ? systems[process.platform as keyof typeof systems]
    : process.platform
  const name = `${system}-${process.arch}`
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('node-llama-cpp'))
    return join(dirname(from.resolve(`@node-llama-cpp/${name}`)), '..', 'bins', name)
  } catch {
    console.warn(`SKIPPED: tests by llama.cpp. Reason: node-llama-cpp has no binaries here for ${name}`)
    return undefined
  }
})()
