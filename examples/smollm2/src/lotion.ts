// The command `lotion`, in a process of its own. Comes in: its words. Goes out: what it printed.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const cli = join(
  dirname(createRequire(import.meta.url).resolve('@lotion/cli/package.json')),
  'dist',
  'main.js',
)

/** Run the command; its progress goes to standard error. @throws Error where it fails. */
export function lotion(...words: readonly string[]): Promise<string> {
  process.stderr.write(`$ lotion ${words.join(' ')}\n`)
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
    child.on('error', reject)
    child.on('close', (status) =>
      status === 0
        ? resolve(printed)
        : reject(new Error(`lotion ${words[0]}: expected status 0, found ${status}; run it again to go on`)),
    )
  })
}
