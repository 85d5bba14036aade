// A program that a test starts as a process of its own. Comes in: a module of the sources. Goes out: one file
// of JavaScript, which starts without a loader of TypeScript, in half the time.

import { fileURLToPath, pathToFileURL } from 'node:url'

/**
 * Bundle a module with all that it imports from the workspace. Packages of others stay apart: they are found
 * from the folder of `file`.
 * @returns the address to import
 */
export async function bundled(entry: URL, file: string): Promise<string> {
  // Few tests start processes.
  const { build } = await import('esbuild')
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@lotion/source'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'packages of others stay apart',
        setup: ({ onResolve }) =>
          onResolve({ filter: /^[^./#]/ }, ({ kind, path }) =>
            kind === 'entry-point' || path.startsWith('@lotion/') ? undefined : { path, external: true },
          ),
      },
    ],
  })
  return pathToFileURL(file).href
}
