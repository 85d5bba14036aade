// A worker process of the job pool. Comes in: jobs, as messages. Goes out: progress and records, then an
// answer, as messages.
// Source: docs/design/04-bench.md. It ends with its parent; Ctrl-C and the terminal's end, which reach both,
// are the parent's matter.

import type { RunLine } from '../records.js'
import type { JobMessage, WorkerMessage } from './job-pool.js'
import { jobRunner } from './run-job.js'

const runner = jobRunner((message) => void process.stderr.write(`warning: ${message}\n`))
const send = (message: JobMessage): void => void process.send?.(message)

for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
let stop = new AbortController()
process.on('message', (message: WorkerMessage) => {
  if (message === 'stop') return stop.abort(new Error('stopped'))
  stop = new AbortController()
  const { job, ...kept } = message
  const how = { ...kept, observer: { record: (record: RunLine) => send({ record }) }, signal: stop.signal }
  void runner.run(job, how).then(
    (result) => send({ result }),
    (error: unknown) =>
      error instanceof Error
        ? send({ problem: error.message, stack: error.stack ?? error.message })
        : send({ problem: String(error), stack: String(error) }),
  )
})
