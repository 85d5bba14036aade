// koffi, which calls C functions, loaded when it is needed: without its binary everything else still works.
// Comes in: the installed koffi package. Goes out: its functions, or an error that says what to do.

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { checkLibraryFile } from './library-file.js'

/** koffi's functions. */
export type Koffi = (typeof import('koffi'))['default']

/**
 * Load koffi.
 * @throws if it is not installed, has no binary for this platform, or a damaged one.
 */
export async function loadKoffi(): Promise<Koffi> {
  for (const file of binaries()) checkLibraryFile(file)
  try {
    return (await import('koffi')).default
  } catch (error) {
    const reason = String(error instanceof Error ? error.message : error).split('\n', 1)[0]
    throw new Error(
      `koffi did not load on ${process.platform} ${process.arch} (${reason}); its binary is an optional dependency: install without omitting those`,
      { cause: error },
    )
  }
}

/** Binaries that koffi chooses from; none if its packages are laid out otherwise, which koffi reports. */
function binaries(): readonly string[] {
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('koffi'))
    const folder = dirname(require.resolve(`@koromix/koffi-${process.platform}-${process.arch}`))
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.node'))
      .map((name) => join(folder, name))
  } catch {
    return []
  }
}
