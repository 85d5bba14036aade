#!/usr/bin/env node
// The `lotion` command. Comes in: the process. Goes out: an exit status. Everything else is in
// cli/run-cli.ts.

import { typedCommand } from './kit/typed-command.js'
import { runCli } from './run-cli.js'

const interruption = new AbortController()
const statuses = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const
let stoppedBy: keyof typeof statuses | undefined

// A terminal that goes away, as with a lost connection, says SIGHUP.
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(signal))

function stop(signal: keyof typeof statuses): void {
  if (stoppedBy) process.exit(statuses[signal])
  stoppedBy = signal
  interruption.abort(new Error(`stopped by ${signal}`))
}

// The repository's scripts pass their process number. If such a script is killed, this process stops too, so
// that it does not run on unseen.
const parent = Number(process.env['LOTION_PARENT'])
if (parent === process.ppid) {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('SIGTERM')
  }, 500).unref()
}

// The program that reads our output may stop reading, as in `lotion … | head`. That is no failure; a full
// disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A process that is stopped because its terminal closed cannot write to it any more.
  if (stoppedBy) return
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`error: cannot write to standard output: ${error.message}\n`)
  process.exit(1)
})
process.stderr.on('error', () => undefined)

const status = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
  typed: typedCommand(),
})
process.exitCode = stoppedBy && status === statuses.SIGINT ? statuses[stoppedBy] : status
