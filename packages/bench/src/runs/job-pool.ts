// Runs jobs in several processes. Comes in: jobs. Goes out: losses in the jobs' order, the same for any
// number of workers.
// Source: docs/design/04-bench.md. Processes, not threads: they take over the loaders of this one, so source
// runs unbuilt.

import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { EvaluationRecord, ResultRecord } from '../records.js'
import { jobRunner, type RunJob } from './run-job.js'
import type { RunObserver, RunResult } from './run-once.js'

/** What a worker says: records on the way, then a result, or why there is none. */
export type JobMessage =
  | { readonly record: EvaluationRecord | ResultRecord }
  | { readonly result: RunResult }
  | { readonly problem: string; readonly stack: string }

/** Follows a job. */
export interface JobObserver extends RunObserver {
  /** Called when it succeeded; awaited. */
  done?(): void | Promise<void>
}

/** Runs jobs; workers stay for the next jobs until it is closed. */
export interface JobPool {
  /** Processes that jobs are spread over. */
  readonly workers: number
  /**
   * Run jobs; results in their order. `observe` makes what follows a job, by its place, as it begins; only
   * jobs of this process tell their progress.
   * @param jobs Plain data, so that a worker can be sent them.
   * @param observe Default: nobody follows.
   * @throws the first problem of a job, or the signal's reason; the pool cannot be used after that.
   */
  run(jobs: readonly RunJob[], observe?: (index: number) => JobObserver): Promise<readonly RunResult[]>
  /** End the workers. */
  close(): Promise<void>
}

/** How many processes, and what stops them. */
export interface JobPoolOptions {
  /** Processes; 1 runs the jobs in this one. */
  readonly workers: number
  /** Stops all jobs, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Told what an engine warns of. Workers write it to standard error. */
  readonly onWarning?: (message: string) => void
}

/**
 * Make a pool. Workers start with the first jobs that need them.
 * @param options The number of processes, and what stops them.
 */
export function jobPool({ workers, signal, onWarning = console.warn }: JobPoolOptions): JobPool {
  const started: ChildProcess[] = []
  const own = jobRunner(onWarning)
  const close = async (): Promise<void> => {
    await Promise.all([...started.splice(0).map(end), own.close()])
  }
  return Object.freeze({
    workers,
    run: async (jobs, observe = () => ({})) => {
      signal?.throwIfAborted()
      const lanes = Math.min(workers, jobs.length)
      if (lanes > 1) while (started.length < lanes) started.push(startWorker())
      const results = new Array<RunResult>(jobs.length)
      const queue = { next: 0, failed: false }
      const work = async (
        doJob: (job: RunJob, observer: RunObserver) => Promise<RunResult>,
      ): Promise<void> => {
        while (queue.next < jobs.length && !queue.failed) {
          const at = queue.next++
          const observer = observe(at)
          try {
            results[at] = await doJob(jobs[at]!, observer)
            await observer.done?.()
          } catch (error) {
            queue.failed = true
            throw error
          }
        }
      }
      try {
        if (lanes <= 1) await work((job, observer) => own.run(job, observer, signal))
        else
          await Promise.all(
            started
              .slice(0, lanes)
              .map((worker) => work((job, observer) => ask(worker, job, observer, signal))),
          )
      } catch (error) {
        await close()
        throw error
      }
      return results
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

function ask(
  worker: ChildProcess,
  job: RunJob,
  observer: RunObserver,
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    let recorded = Promise.resolve()
    const finish = (settle: () => void): void => {
      worker.off('message', told).off('error', broke).off('exit', ended)
      signal?.removeEventListener('abort', stopped)
      settle()
    }
    const told = (message: unknown): void => {
      const answer = message as JobMessage
      if ('record' in answer) {
        recorded = recorded.then(() => observer.record?.(answer.record))
        recorded.catch(broke)
      } else if ('result' in answer) finish(() => void recorded.then(() => resolve(answer.result), reject))
      else finish(() => reject(Object.assign(new Error(answer.problem), { stack: answer.stack })))
    }
    const broke = (error: Error): void => finish(() => reject(error))
    const ended = (): void =>
      broke(new Error('a worker process ended before its job was done; run with --workers 1'))
    const stopped = (): void => broke(signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
    worker.on('message', told).on('error', broke).on('exit', ended)
    signal?.addEventListener('abort', stopped, { once: true })
    if (signal?.aborted) stopped()
    else if (!worker.connected) ended()
    else worker.send(job, (error) => error && broke(error))
  })
}
