// A worker process of the job pool. Comes in: jobs, as messages. Goes out: an answer for each, as a message.
// Source: docs/design/04-bench.md. It ends with its parent; Ctrl-C and the terminal's end, which reach both, are the parent's matter.

import type { JobAnswer } from './job-pool.js'
import { runJob, type RunJob } from './run-job.js'

for (const signal of ['SIGHUP', 'SIGINT'] as const) process.on(signal, () => undefined)
process.on('disconnect', () => process.exit())
process.on('message', (job: RunJob) => {
  void runJob(job)
    .then(
      (losses): JobAnswer => ({ losses }),
      (error: unknown): JobAnswer =>
        error instanceof Error
          ? { problem: error.message, stack: error.stack ?? error.message }
          : { problem: String(error), stack: String(error) },
    )
    .then((answer) => process.send?.(answer))
})
