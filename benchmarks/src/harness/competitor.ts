// What takes part in a speed test. Comes in: what all compute, the subject. Goes out: tasks that can be taken
// one at a time, or why the competitor is missing, and how to install it.
// Source: docs/design/12-speed-tests.md.

/** What a measurement may tell and must heed. */
export interface BenchContext {
  /** Tell a person what is going on; one line. */
  readonly log: (line: string) => void
  /** Tell how much of a stage is done, of how much; in steps unless a unit is given. */
  readonly progress: (stage: string, done: number, total: number, unit?: string) => void
  readonly signal: AbortSignal
}

/** What a competitor may use while it opens. */
export interface OpenContext extends BenchContext {
  /** Processors that threads will be bound to; empty: they will not be bound. */
  readonly processors: readonly number[]
}

/** One task in one form, as one competitor takes it. */
export interface TimedTask<Outcome> {
  /** What is computed: outcomes of one task are held to each other, its times compared. */
  readonly task: string
  /** What tells it from the competitor's other forms of the task, if there are any. */
  readonly variant?: string
  readonly threads: number
  /** Measured rounds at most: what is slow takes part in the first ones only. Default: all. */
  readonly rounds?: number
  /** Take the task from its start; return what it computed. Called once, before `run`. Absent: no outcome. */
  first?(): Promise<Outcome>
  /** Take the task; returns its milliseconds. */
  run(): Promise<number>
}

/** A competitor, ready to run. */
export interface Competitor<Outcome> {
  /** What identifies its build or device, unless that is this process. */
  readonly version?: string
  /** Whether its outcomes must equal the reference's in every bit. Default: no. */
  readonly exact?: boolean
  readonly tasks: readonly TimedTask<Outcome>[]
  /** What did not run as the competitor's name says, and why; asked once all first outcomes are there. */
  notes?(): readonly string[]
  /**
   * Bind its threads to processors, once all first outcomes are there. Returns what is bound, in words;
   * absent: cannot.
   */
  bind?(processors: readonly number[]): Promise<string>
  close?(): Promise<void>
}

/** A missing competitor: why, and how to install it. */
export interface Absent {
  readonly absent: string
}

/**
 * A competitor that may take part. One that cannot is missing and said to be, never fatal; an error while it
 * opens is its reason.
 */
export interface CompetitorDefinition<Subject, C> {
  readonly name: string
  open(subject: Subject, context: OpenContext): Promise<C | Absent>
}

/** Milliseconds that something takes. */
export async function millisecondsOf(take: () => unknown): Promise<number> {
  const start = performance.now()
  const taken = take()
  // Work that is done at once is not charged with a turn of the event loop.
  if (taken instanceof Promise) await taken
  return performance.now() - start
}

/** The words of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
