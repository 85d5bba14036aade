#!/usr/bin/env node
// The `lotion` command. Comes in: the process. Goes out: an exit status. Everything else is in cli/run-cli.ts.

import { runCli } from './cli/run-cli.js'

const interruption = new AbortController()
const statuses = { SIGINT: 130, SIGTERM: 143 } as const
let stoppedBy: keyof typeof statuses | undefined

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (stoppedBy) process.exit(statuses[signal])
    stoppedBy = signal
    interruption.abort(new Error(`stopped by ${signal}`))
  })
}

// Whoever reads our output may stop reading: `lotion … | head`. That is no failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  process.stderr.write(`error: cannot write to standard output: ${error.message}\n`)
  process.exit(1)
})
process.stderr.on('error', () => undefined)

const status = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
})
process.exitCode = stoppedBy && status === statuses.SIGINT ? statuses[stoppedBy] : status
