// Runs jobs in several processes. Comes in: jobs. Goes out: losses in the jobs' order, the same for any
// number of workers.
// Source: docs/design/04-bench.md. Processes, not threads: they take over the loaders of this one, so source
// runs unbuilt.

import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { RunLine } from '../records.js'
import type { StoreOptions } from './job-store.js'
import { jobRunner, type JobResult, type RunJob } from './run-job.js'
import type { RunObserver } from './run-options.js'

/** What a worker is told: a job and where it is kept; or to stop, which keeps where the job stands. */
export type WorkerMessage =
  | {
      /** To be done. */
      readonly job: RunJob
      /** Absent if nothing is kept. */
      readonly store?: StoreOptions
    }
  | 'stop'

/** What a worker says: records on the way, then a result, or why there is none. */
export type JobMessage =
  | { readonly record: RunLine }
  | { readonly result: JobResult }
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
  run(jobs: readonly RunJob[], observe?: (index: number) => JobObserver): Promise<readonly JobResult[]>
  /** End the workers. */
  close(): Promise<void>
}

/** How many processes, and what stops them. */
export interface JobPoolOptions {
  /** Processes; 1 runs the jobs in this one. */
  readonly workers: number
  /** Stops all jobs, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Where jobs are kept, so that none is done twice. Default: nowhere. */
  readonly store?: StoreOptions
  /** Told what an engine warns of. Workers write it to standard error. */
  readonly onWarning?: (message: string) => void
}

/**
 * Make a pool. Workers start with the first jobs that need them.
 * @param options The number of processes, and what stops them.
 */
export function jobPool({ workers, signal, store, onWarning = console.warn }: JobPoolOptions): JobPool {
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
      const results = new Array<JobResult>(jobs.length)
      const queue = { next: 0, failed: false }
      const work = async (
        doJob: (job: RunJob, observer: RunObserver) => Promise<JobResult>,
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
        const how = { ...(signal ? { signal } : {}), ...(store ? { store } : {}) }
        if (lanes <= 1) await work((job, observer) => own.run(job, { observer, ...how }))
        else
          await Promise.all(
            started
              .slice(0, lanes)
              .map((worker) => work((job, observer) => ask(worker, job, { observer, ...how }))),
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

/** A worker that is to stop has so many milliseconds to keep where its job stands. */
const STOP_PATIENCE = 60_000

function ask(
  worker: ChildProcess,
  job: RunJob,
  {
    observer,
    signal,
    store,
  }: { readonly observer: RunObserver; readonly signal?: AbortSignal; readonly store?: StoreOptions },
): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    let recorded = Promise.resolve()
    let patience: NodeJS.Timeout | undefined
    const finish = (settle: () => void): void => {
      clearTimeout(patience)
      worker.off('message', told).off('error', broke).off('exit', ended)
      signal?.removeEventListener('abort', stopped)
      settle()
    }
    const reason = (): Error => (signal?.reason instanceof Error ? signal.reason : new Error('stopped'))
    const told = (message: unknown): void => {
      const answer = message as JobMessage
      if ('record' in answer) {
        recorded = recorded.then(() => observer.record?.(answer.record))
        recorded.catch(broke)
      } else if (signal?.aborted) broke(reason())
      else if ('result' in answer) finish(() => void recorded.then(() => resolve(answer.result), reject))
      else finish(() => reject(Object.assign(new Error(answer.problem), { stack: answer.stack })))
    }
    const broke = (error: Error): void => finish(() => reject(error))
    const ended = (): void =>
      broke(
        signal?.aborted
          ? reason()
          : new Error('a worker process ended before its job was done; run with --workers 1'),
      )
    // With a store the worker keeps where it stands, and answers; without one there is nothing to wait for.
    const stopped = (): void => {
      if (!store || !worker.connected) return broke(reason())
      patience = setTimeout(() => broke(reason()), STOP_PATIENCE)
      worker.send('stop' satisfies WorkerMessage, (error) => error && broke(reason()))
    }
    worker.on('message', told).on('error', broke).on('exit', ended)
    signal?.addEventListener('abort', stopped, { once: true })
    if (signal?.aborted) broke(reason())
    else if (!worker.connected) ended()
    else
      worker.send(
        { job, ...(store ? { store } : {}) } satisfies WorkerMessage,
        (error) => error && broke(error),
      )
  })
}
