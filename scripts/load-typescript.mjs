// Starts what reads TypeScript before the tests of a shared process. Comes in: nothing. Goes out: nothing.
// Source: esbuild, which tsx brings, keeps the working folder of its first use for the processes that it
// starts later: first used by a test in a folder of its own, it fails once that folder is gone.
import { tsImport } from 'tsx/esm/api'

// As the command has it: no cache in the folder of temporary files.
process.env['TSX_DISABLE_CACHE'] ??= '1'

const started = Symbol.for('lotion: TypeScript is read')

// Once in a process, though vitest runs this before each file. Any file that imports nothing.
if (!Reflect.has(globalThis, started)) {
  await tsImport('../packages/core/src/numbers/binade.ts', import.meta.url)
  Reflect.set(globalThis, started, true)
}
