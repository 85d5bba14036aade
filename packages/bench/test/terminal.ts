// A command in a terminal, for tests: `script` of util-linux makes a pseudo terminal. Comes in: a line for
// the shell, keys. Goes out: what the terminal shows, and the exit status.

import { spawn, spawnSync, type SpawnOptions } from 'node:child_process'

/** Keys that no letter stands for. */
export const keys = { enter: '\r', interrupt: '\u0003', endOfInput: '\u0004' } as const

const version = spawnSync('script', ['--version'], { encoding: 'utf8' })

/** Why there is no terminal here, if so. */
export const missing: string | undefined = version.stdout?.includes('util-linux')
  ? undefined
  : `no script of util-linux${version.error ? `: ${version.error.message}` : ''}`
if (missing !== undefined) console.warn(`SKIPPED: commands in a terminal. Reason: ${missing}`)

/** A command that runs. */
export interface Terminal {
  /** Wait until a pattern is shown after all that was waited for before; give what it found. */
  seen(pattern: RegExp): Promise<RegExpExecArray>
  /** Press keys. */
  type(text: string): void
  /** All that was shown so far, with the terminal's own control sequences. */
  shown(): string
  /** The exit status. */
  readonly ended: Promise<number>
  /** End it, whatever it does. */
  close(): void
}

/** Start a line of the shell in a terminal of its own. */
export function terminal(line: string, options: Pick<SpawnOptions, 'cwd' | 'env'> = {}): Terminal {
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    ...options,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let [shown, from] = ['', 0]
  let look = (): void => undefined
  child.stdout.on('data', (piece: Buffer) => {
    shown += piece.toString()
    look()
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number>((resolve) => {
    child.once('close', (status) => {
      resolve(status ?? -1)
      look()
    })
  })
  return {
    seen: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = pattern.exec(shown.slice(from))
          if (found) {
            from += found.index + found[0].length
            look = () => undefined
            resolve(found)
          } else if (child.exitCode !== null) reject(new Error(`expected ${String(pattern)}, found ${shown}`))
        }
        look()
      }),
    type: (text) => void child.stdin.write(text),
    shown: () => shown,
    ended,
    // The terminal goes away, as with a lost connection.
    close: () => void child.kill(),
  }
}
