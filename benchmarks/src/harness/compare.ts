// A comparison of speeds. Comes in: a subject and who may take part. Goes out: times, taken in turns by all
// that are present, after a check that they compute the same; and which are missing.
// Source: docs/design/12-speed-tests.md.

import {
  messageOf,
  type BenchContext,
  type Competitor,
  type CompetitorDefinition,
  type OpenContext,
  type TimedTask,
} from './competitor.js'
import { deviceDescription, type DeviceDescription } from './device-description.js'
import { interleave } from './interleave.js'
import { bindThread, usableProcessors } from './processors.js'
import { pairedRatio, timesOf, type PairedRatio, type Times } from './times.js'

/** Whose outcome is held to the reference's. */
export interface Checked<C> {
  readonly task: string
  readonly competitor: C
  /** Task, competitor, form and threads, for messages. */
  readonly what: string
}

/** What is compared, and how. */
export interface Comparison<Subject, Outcome, C, Agreement> {
  readonly subject: Subject
  /** The first one must be here: the others are held to its outcomes. */
  readonly competitors: readonly CompetitorDefinition<Subject, C & Competitor<Outcome>>[]
  /**
   * Distance of an outcome from the reference's; null if they are equal.
   * @throws if they are not the same computation.
   */
  readonly agree: (found: Outcome, expected: Outcome, of: Checked<C>) => Agreement | null
  readonly rounds: number
  /** Rounds before the first that counts. */
  readonly warmup: number
  /** Milliseconds between two measurements, in which the threads of the last one fall asleep. */
  readonly pause: number
  /** Bind so many threads to processors of their own while measuring. Default: none. */
  readonly boundThreads?: number
}

/** One task in one form, measured. */
export interface Measured<C, Agreement> extends Required<
  Pick<TimedTask<unknown>, 'task' | 'variant' | 'threads'>
> {
  readonly name: string
  readonly competitor: C
  /**
   * Distance from the reference; null for the reference itself, for equality in every bit, and where there is
   * no outcome.
   */
  readonly agreement: Agreement | null
  readonly milliseconds: Times
  /** Its times over those of the reference of its task in the same rounds; null for the reference itself. */
  readonly ratio: PairedRatio | null
}

/** Which competitors did not take part, why, and how to install them. */
export interface AbsentCompetitor {
  readonly name: string
  readonly absent: string
}

/** What a comparison found. */
export interface Compared<C, Agreement> {
  readonly device: DeviceDescription
  /** By task, then in the order of the competitors. */
  readonly measured: readonly Measured<C, Agreement>[]
  readonly absent: readonly AbsentCompetitor[]
  /** What did not run as its competitor's name says, and why. */
  readonly notes: readonly string[]
  /** Builds and devices, a line a competitor. */
  readonly versions: readonly string[]
  /** What is bound where, a line a competitor; empty if nothing is. */
  readonly bound: readonly string[]
}

// A first outcome may take minutes, where something is compiled: it is told from this many seconds on.
const LONG_SECONDS = 2

/**
 * Compare.
 * @throws if two competitors do not compute the same, if the first one cannot open; the signal's reason.
 */
export async function compare<Subject, Outcome, C, Agreement>(
  comparison: Comparison<Subject, Outcome, C, Agreement>,
  context: BenchContext,
): Promise<Compared<C, Agreement>> {
  const { rounds, warmup, pause, boundThreads = 0 } = comparison
  const { signal, log, progress } = context
  // Before anything is bound: a bound process counts fewer processors.
  const device = deviceDescription()
  const usable = boundThreads > 0 ? usableProcessors() : []
  const processors = usable.slice(0, boundThreads)
  const opened: Opened<C & Competitor<Outcome>>[] = []
  try {
    const absent = await openAll(comparison, { ...context, processors }, opened)
    const checked = await check(comparison, opened, context)
    const notes = [
      ...new Set(opened.flatMap(({ name, is }) => (is.notes?.() ?? []).map((note) => `${name}: ${note}`))),
    ]
    notes.forEach(log)
    const bound: string[] = []
    if (boundThreads > 0 && processors.length === boundThreads)
      for (const { name, is } of opened) if (is.bind) bound.push(`${name}: ${await is.bind(processors)}`)
    const times = await interleave(
      checked.map(({ timed }) => ({ rounds: timed.rounds ?? rounds, run: () => timed.run() })),
      { rounds, warmup, pause, signal, onStep: (done, total) => progress('measuring', done, total) },
    )
    const measured = checked.map(({ by, timed, agreement }, i): Measured<C, Agreement> => {
      const { task, variant = '', threads } = timed
      const reference = checked.findIndex((other) => other.timed.task === task)
      const ratio = i === reference ? null : pairedRatio(times[i]!, times[reference]!)
      const milliseconds = timesOf(times[i]!)
      return { name: by.name, competitor: by.is, task, variant, threads, agreement, milliseconds, ratio }
    })
    const versions = opened.flatMap(({ name, is }) => (is.version ? [`${name}: ${is.version}`] : []))
    return { device, measured, absent, notes, versions, bound }
  } catch (error) {
    // What a competitor says when it is stopped is of no interest.
    signal.throwIfAborted()
    throw error
  } finally {
    for (const { is } of opened.toReversed()) await is.close?.()
    if (usable.length > 0) bindThread(process.pid, ...usable)
  }
}

/** A competitor that is here, under its name. */
interface Opened<C> {
  readonly name: string
  readonly is: C
}

/** Open all that are present, into `opened`, and say loudly which are not. */
async function openAll<Subject, C extends object>(
  {
    subject,
    competitors,
  }: {
    readonly subject: Subject
    readonly competitors: readonly CompetitorDefinition<Subject, C>[]
  },
  context: OpenContext,
  opened: Opened<C>[],
): Promise<readonly AbsentCompetitor[]> {
  const absent: AbsentCompetitor[] = []
  for (const [i, { name, open }] of competitors.entries()) {
    context.signal.throwIfAborted()
    try {
      const found = await open(subject, context)
      if (!('absent' in found)) {
        opened.push({ name, is: found })
        continue
      }
      if (i === 0) throw new Error(`${name}: ${found.absent}`)
      absent.push({ name, absent: found.absent })
    } catch (error) {
      context.signal.throwIfAborted()
      if (i === 0) throw error
      absent.push({ name, absent: messageOf(error) })
    }
    context.log(`SKIPPED ${name}: ${absent.at(-1)!.absent}`)
  }
  return absent
}

interface Entry<Outcome, C, Agreement> {
  readonly by: Opened<C>
  readonly timed: TimedTask<Outcome>
  readonly agreement: Agreement | null
}

/** Take every task once from its start, and hold what it computed to the first outcome of the same task. */
async function check<Subject, Outcome, C, Agreement>(
  { agree }: Pick<Comparison<Subject, Outcome, C, Agreement>, 'agree'>,
  opened: readonly Opened<C & Competitor<Outcome>>[],
  { signal, log, progress }: BenchContext,
): Promise<readonly Entry<Outcome, C, Agreement>[]> {
  const references = new Map<string, Outcome>()
  const all = opened.flatMap((by) => by.is.tasks.map((timed) => ({ by, timed })))
  const checked: Entry<Outcome, C, Agreement>[] = []
  for (const { by, timed } of all) {
    signal.throwIfAborted()
    const { task, variant, threads } = timed
    const what = [task, by.name, variant, `${threads} thread${threads === 1 ? '' : 's'}`]
      .filter(Boolean)
      .join(', ')
    const start = performance.now()
    let agreement: Agreement | null = null
    if (timed.first) {
      const found = await timed.first()
      const expected = references.get(task)
      if (expected === undefined) references.set(task, found)
      else agreement = agree(found, expected, { task, competitor: by.is, what })
    }
    const seconds = (performance.now() - start) / 1000
    if (seconds > LONG_SECONDS) log(`${what}: first outcome after ${seconds.toFixed(0)} s`)
    progress('checking', checked.push({ by, timed, agreement }), all.length)
  }
  const tasks = new Set(checked.map(({ timed }) => timed.task))
  return [...tasks].flatMap((task) => checked.filter(({ timed }) => timed.task === task))
}
