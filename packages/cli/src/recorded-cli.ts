// The command line without a terminal. Comes in: words. Goes out: the exit status and everything that was
// written.
// Source: for tests of commands, and for programs that want a command's text.

import { PassThrough } from 'node:stream'
import { runCli, type CliWorld } from './run-cli.js'

/** What a command left behind. */
export interface CliOutcome {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Run a command and keep its output. */
export async function recordedCli(
  words: readonly string[],
  signal: AbortSignal = new AbortController().signal,
): Promise<CliOutcome> {
  const [stdout, stderr] = [recorder(), recorder()]
  const status = await runCli(words, { stdout: stdout.stream, stderr: stderr.stream, signal })
  return { status, stdout: stdout.text(), stderr: stderr.text() }
}

/** A stream that is no terminal and keeps what it gets. */
function recorder(): { readonly stream: CliWorld['stdout']; text(): string } {
  const through = new PassThrough()
  const pieces: string[] = []
  through.on('data', (piece: Buffer) => pieces.push(piece.toString()))
  // Of a terminal's stream, the commands use `write` and `isTTY` only.
  return { stream: through as unknown as CliWorld['stdout'], text: () => pieces.join('') }
}
