// What a run would be, without one. Comes in: a planned comparison, and what its data holds. Goes out:
// lines, or one of JSON: parameters, data, memory, disk, time. Nothing is kept but tokens of files.
// Source: docs/design/04-bench.md, "Before a run"; a few real steps are timed, on weights of their own.

import { dirname } from 'node:path'
import type { CliContext } from '@lotion/cli'
import { clock, freeSpace, rate, refuseFullDisk, significant } from '@lotion/cli/internal'
import { bytesText, hostMemory } from '@lotion/core/internal'
import { trialOf } from '../runs/comparison.js'
import type { PlannedMethod } from '../runs/comparison-plan.js'
import { weightsIn } from '../runs/memory-of-run.js'
import { phasesOf } from '../runs/phase-words.js'
import { jobRunner, type JobRunner, type RunJob } from '../runs/run-job.js'
import type { DataFacts } from '../tasks/data-facts.js'
import { bytesOf, headOf, type Keeping } from './carry-out.js'
import type { Run } from './follow.js'

/** Steps of the first look; the first of them compiles and is not counted. */
const FIRST_STEPS = 4

/** Seconds of steps that are timed then, and how many of them at most. */
const TIMED_SECONDS = 2
const MOST_STEPS = 100

/** What a step and an evaluation of a method took, in seconds. */
interface MethodTime {
  readonly method: string
  readonly step: number
  /** In full precision and after the cast. */
  readonly evaluation: number
}

/** Tell what a run would be. @throws Error for what would stop it: the disk, the memory. */
export async function dryRun(
  run: Run & Keeping,
  folder: string | undefined,
  data: DataFacts | undefined,
  context: CliContext,
): Promise<void> {
  const { plan, comparison, processes, json } = run
  const { workload, format, runs } = plan
  const preview = workload.preview?.(format)
  for (const warning of preview?.warnings ?? []) context.warn(warning)
  const disk = folder === undefined ? undefined : { folder, needed: bytesOf(run) }
  if (disk) await refuseFullDisk(await existing(disk.folder), disk.needed)
  const { methods, opening } = await timesOf(run, context)
  const peak = 1024 * process.resourceUsage().maxRSS
  const limit = hostMemory.limit()
  if (processes * peak > limit)
    throw new RangeError(
      `workers: expected so many processes as fit into ${bytesText(limit)} of memory, found ${processes}; a run's steps take ${bytesText(peak)} each`,
    )
  const tokens = workload.tokensPerStep === undefined ? undefined : workload.tokensPerStep * comparison.steps
  const seconds = projected(run, methods, opening)
  const parameters = weightsIn(workload.shapes)
  const epochs = tokens !== undefined && data ? tokens / data.training : undefined
  if (json) {
    const found = {
      type: 'dry-run',
      task: plan.task.name,
      parameters,
      ...preview?.config,
      data: data ?? null,
      steps: comparison.steps,
      runs,
      tokensPerStep: workload.tokensPerStep ?? null,
      tokens: tokens ?? null,
      epochs: epochs ?? null,
      memory: { peak, limit: Number.isFinite(limit) ? limit : null, processes },
      disk: disk ? { ...disk, free: (await freeSpace(disk.folder)) ?? null } : null,
      time: { seconds, opening, methods },
    }
    context.stdout.write(`${JSON.stringify(found)}\n`)
    return
  }
  const free = disk && (await freeSpace(disk.folder))
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['run', headOf(run)],
    ...(preview?.lines ?? [`${rate(parameters)} parameters`]).map((line) => ['model', line] as const),
    ['data', data && dataText(data)],
    ['training', tokens === undefined ? undefined : trainingText(tokens, comparison.steps, epochs)],
    [
      'memory',
      `${bytesText(peak)} at most while steps were timed${processes > 1 ? `, in each of ${processes} processes` : ''}; ${Number.isFinite(limit) ? bytesText(limit) : 'all there is'} may be used`,
    ],
    [
      'disk',
      disk &&
        `${bytesText(disk.needed)} at most in ${disk.folder}${free === undefined ? '' : `, ${bytesText(free)} free`}`,
    ],
    ['time', `about ${clock(seconds)} for ${runs} run${runs > 1 ? 's' : ''}`],
    ...methods.map(
      ({ method, step, evaluation }) =>
        ['', `${method}: ${millis(step)} a step, ${millis(evaluation)} an evaluation`] as const,
    ),
    ['', 'nothing was trained; without --dry-run it begins'],
  ]
  let before = ''
  for (const [label, text] of lines) {
    if (text === undefined) continue
    context.stdout.write(`${(label === before ? '' : label).padEnd(10)}${text}\n`)
    before = label
  }
}

const millis = (seconds: number): string => `${significant(1000 * seconds)} ms`

const dataText = ({ documents, training, validation, judged }: DataFacts): string =>
  `${rate(documents)} document${documents === 1 ? '' : 's'}: ${rate(training)} tokens to train on, ${rate(validation)} held back, ${rate(judged)} of them judged`

const trainingText = (tokens: number, steps: number, epochs: number | undefined): string =>
  `${rate(tokens)} tokens in ${steps} step${steps === 1 ? '' : 's'}${epochs === undefined ? '' : `: ${significant(epochs)} times the text`}`

/** The folder itself, or the nearest above it that is there. */
async function existing(folder: string): Promise<string> {
  const known = (await freeSpace(folder)) !== undefined || dirname(folder) === folder
  return known ? folder : existing(dirname(folder))
}

/** Time real steps of each method, in this process. */
async function timesOf(
  { plan, comparison }: Run,
  { warn, signal }: CliContext,
): Promise<{ readonly methods: readonly MethodTime[]; readonly opening: number }> {
  const runner = jobRunner(warn)
  const { learningRate = plan.task.learningRate, firstSeed } = comparison
  const job = (
    { word, numbers, modules }: Pick<PlannedMethod, 'word' | 'numbers' | 'modules'>,
    steps: number,
  ): RunJob => ({
    ...trialOf(comparison),
    method: word,
    numbers,
    modules,
    learningRate,
    seed: firstSeed,
    steps: Math.min(steps, comparison.steps),
    keep: false,
    nonFinite: 'skip',
  })
  const methods: MethodTime[] = []
  let opening = 0
  try {
    for (const { word: method, numbers, modules } of plan.methods) {
      const phases = phasesOf(method)
      const total = { step: 0, evaluation: 0 }
      // Each phase by itself: a few steps have no room for several.
      for (const [n, { word, share }] of phases.entries()) {
        const own = { word, numbers: n === 0 ? numbers : {}, modules }
        const first = await timed(runner, job(own, FIRST_STEPS), signal)
        opening ||= first.opening
        const steps = Math.min(MOST_STEPS, Math.round(TIMED_SECONDS / phases.length / first.step))
        const { step, evaluation } =
          steps > FIRST_STEPS ? await timed(runner, job(own, steps), signal) : first
        const part = (phases[n + 1]?.share ?? 1) - share
        total.step += part * step
        total.evaluation += part * evaluation
      }
      methods.push({ method, ...total })
    }
  } finally {
    await runner.close()
  }
  return { methods, opening }
}

async function timed(
  runner: JobRunner,
  job: RunJob,
  signal: AbortSignal,
): Promise<Omit<MethodTime, 'method'> & { readonly opening: number }> {
  const start = performance.now()
  const marks: number[] = []
  await runner.run(job, { signal, observer: { progress: () => void marks.push(performance.now()) } })
  const end = performance.now()
  const first = marks[0] ?? end
  const between = marks.slice(1).map((mark, i) => mark - marks[i]!)
  // The median: now and then a step waits for the collector, or for another program.
  const step = between.sort((a, b) => a - b)[between.length >> 1] ?? first - start
  return {
    step: step / 1000,
    evaluation: (end - (marks.at(-1) ?? start)) / 1000,
    opening: (first - start) / 1000,
  }
}

/** Seconds of the whole: steps, evaluations, random casts, of each run; several processes share the runs. */
function projected(
  { plan: { runs }, comparison, processes }: Run,
  methods: readonly MethodTime[],
  opening: number,
): number {
  const { steps, evaluations, casts } = comparison
  const each = methods.map(
    // What was timed are two losses; each evaluation has a randomized cast's besides.
    ({ step, evaluation }) =>
      steps * step + evaluation * (evaluations > 0 ? 1.5 * (evaluations + 1) : 1) + (evaluation * casts) / 2,
  )
  const mean = each.reduce((sum, value) => sum + value, 0) / each.length
  return opening + (mean * runs) / processes
}
