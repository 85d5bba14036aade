// Runs jobs in several processes. Comes in: jobs. Goes out: losses in the jobs' order, the same for any number of workers.
// Source: docs/design/04-bench.md. Processes, not threads: they take over the loaders of this one, so source runs unbuilt.

import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CastLosses } from './compare.js'
import { runJob, type RunJob } from './run-job.js'

/** What a worker answers: losses, or why there are none. */
export type JobAnswer = { readonly losses: CastLosses } | { readonly problem: string; readonly stack: string }

/** Runs jobs; workers stay for the next jobs until it is closed. */
export interface JobPool {
  /** @throws the first problem of a job, or the signal's reason; the pool cannot be used after that. */
  run(jobs: readonly RunJob[], onDone?: () => void): Promise<readonly CastLosses[]>
  /** End the workers. */
  close(): Promise<void>
}

/** How many processes, and what stops them. */
export interface JobPoolOptions {
  /** Processes; 1 runs the jobs in this one. */
  readonly workers: number
  readonly signal?: AbortSignal
}

/** Make a pool. Workers start with the first jobs that need them. */
export function jobPool({ workers, signal }: JobPoolOptions): JobPool {
  const started: ChildProcess[] = []
  const close = async (): Promise<void> => {
    await Promise.all(started.splice(0).map(end))
  }
  return Object.freeze({
    run: async (jobs: readonly RunJob[], onDone: () => void = () => undefined) => {
      signal?.throwIfAborted()
      const lanes = Math.min(workers, jobs.length)
      if (lanes > 1) while (started.length < lanes) started.push(startWorker())
      const losses = new Array<CastLosses>(jobs.length)
      const queue = { next: 0, failed: false }
      const work = async (doJob: (job: RunJob) => Promise<CastLosses>): Promise<void> => {
        while (queue.next < jobs.length && !queue.failed) {
          const at = queue.next++
          losses[at] = await doJob(jobs[at]!).catch((error: unknown) => {
            queue.failed = true
            throw error
          })
          onDone()
        }
      }
      try {
        if (lanes <= 1) await work((job) => runJob(job, signal))
        else
          await Promise.all(started.slice(0, lanes).map((worker) => work((job) => ask(worker, job, signal))))
      } catch (error) {
        await close()
        throw error
      }
      return losses
    },
    close,
  } satisfies JobPool)
}

/** The worker's file has this file's ending, so that it runs from source and built alike. */
function startWorker(): ChildProcess {
  const file = new URL(
    import.meta.url.endsWith('.ts') ? './job-worker.ts' : './job-worker.js',
    import.meta.url,
  )
  // 'advanced' keeps NaN and infinities, which JSON does not; a worker has nothing to say on standard output.
  return fork(fileURLToPath(file), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}

async function end(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return
  await new Promise((resolve) => {
    worker.once('exit', resolve)
    worker.kill('SIGKILL')
  })
}

function ask(worker: ChildProcess, job: RunJob, signal: AbortSignal | undefined): Promise<CastLosses> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      worker.off('message', answered).off('error', broke).off('exit', ended)
      signal?.removeEventListener('abort', stopped)
      settle()
    }
    const answered = (message: unknown): void => {
      const answer = message as JobAnswer
      finish(() => {
        if ('losses' in answer) resolve(answer.losses)
        else reject(Object.assign(new Error(answer.problem), { stack: answer.stack }))
      })
    }
    const broke = (error: Error): void => finish(() => reject(error))
    const ended = (): void =>
      broke(new Error('a worker process ended before its job was done; run with --workers 1'))
    const stopped = (): void => broke(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
    worker.on('message', answered).on('error', broke).on('exit', ended)
    signal?.addEventListener('abort', stopped, { once: true })
    if (signal?.aborted) stopped()
    else if (!worker.connected) ended()
    else worker.send(job, (error) => error && broke(error))
  })
}
