// What is known of a comparison before its first run: its plug-ins, how many runs, which modules. Comes in: a
// comparison as plain data. Goes out: a plan.
// Source: docs/design/04-bench.md.

import {
  chosenPlugin,
  fisherKind,
  formatKind,
  isModulePath,
  methodKind,
  moduleSha256,
  noiseKind,
  optimizerKind,
} from '@lotion/cli/internal'
import type { NumberFormat } from '@lotion/core'
import type { Method, MethodContext } from '@lotion/optim'
import type { ModuleRecord } from '../records.js'
import type { Task, Workload } from '../tasks/task.js'
import { taskByWord, taskKind } from '../tasks/task-kind.js'
import type { Comparison } from './comparison.js'
import {
  chosenMethod,
  fixedNumbers,
  formatOf,
  laterMethods,
  settingsOf,
  type ChosenMethod,
  type MethodParts,
  type Numbers,
} from './method-choice.js'
import { phasesOf, refuseEmptyPhases } from './phase-words.js'
import { withRules } from './parameter-rules.js'
import { strengthsOf } from './strengths.js'
import { tuningSeeds } from './tune.js'

/** A method of a comparison, before its runs. */
export interface PlannedMethod extends ChosenMethod {
  /** As it was typed; records call the method so. */
  readonly word: string
  /** All its numbers where nothing is tuned. */
  readonly numbers: Numbers
  /** The parts of the comparison that it asks for, in words. */
  readonly parts: Partial<MethodParts>
  /** Modules of the plug-ins that its runs use. */
  readonly modules: readonly ModuleRecord[]
}

/** A comparison before its runs. */
export interface ComparisonPlan {
  /** The task that its word names, with the learning rates of its workload. */
  readonly task: Task
  /** The task with its options chosen; nothing large is made yet. */
  readonly workload: Workload
  /** The format that its word names, in the comparison's blocks. */
  readonly format: NumberFormat
  /** The optimizer's word, or what the task has. */
  readonly optimizer: string
  /** In the order of the words. */
  readonly methods: readonly PlannedMethod[]
  /** Training runs in all. */
  readonly runs: number
}

/** Plan a comparison. @throws UsageError if a word names nothing, RangeError if values do not go together. */
export async function planOf(comparison: Comparison): Promise<ComparisonPlan> {
  const { firstSeed, seeds, tune } = comparison
  for (const word of comparison.methods) refuseEmptyPhases(word, comparison.steps)
  const named = await taskByWord(comparison.task.word)
  const workload = await withRules(await named.workload(comparison.task.options), comparison)
  const task = { ...named, ...workload.rates }
  const format = await formatOf(comparison.format, comparison.block)
  const optimizer = comparison.optimizer
    ? await chosenPlugin(optimizerKind, comparison.optimizer, { learningRate: task.learningRate })
    : workload.optimizer(task.learningRate)
  const words = await Promise.all(
    comparison.methods.map(async (word) => ({
      ...(await chosenMethod({ ...comparison, method: word }, format, workload)),
      word,
    })),
  )
  const ruled = await Promise.all(
    (comparison.formats ?? []).flatMap(({ format: own }) =>
      isModulePath(own)
        ? [chosenPlugin(formatKind, own, undefined).then((made) => [formatKind, own, made] as const)]
        : [],
    ),
  )
  const lambdas = strengthsOf(words, comparison)
  const planned = async (chosen: ChosenMethod & { readonly word: string }): Promise<PlannedMethod> => {
    const { word } = chosen
    const numbers = fixedNumbers(chosen, lambdas[word])
    const { method, parts } = madeFrom(chosen, numbers, comparison)
    const { noise, fisher } = chosen.context
    const modules = await modulesOf([
      [taskKind, comparison.task.word, named],
      [formatKind, comparison.format, format],
      [optimizerKind, comparison.optimizer, optimizer],
      [methodKind, phasesOf(word)[0]!.word, method],
      ...chosen.later.map((phase) => [methodKind, phase.word, method] as const),
      [noiseKind, parts.noise, noise],
      [fisherKind, parts.fisher, fisher],
      ...ruled,
    ])
    return { ...chosen, numbers, parts, modules }
  }
  const methods = await Promise.all(words.map(planned))
  const trials = (method: ChosenMethod): number =>
    tune ? settingsOf(method, task.learningRates).length * tuningSeeds(firstSeed).length : 0
  return Object.freeze({
    task,
    workload,
    format,
    optimizer: comparison.optimizer ?? `${optimizer.name} of the task`,
    methods,
    runs: methods.reduce((sum, method) => sum + seeds + trials(method), 0),
  })
}

/** A plan whose records say how many bytes of text a token of its losses is, where that is known. */
export function withBytesPerToken(plan: ComparisonPlan, bytesPerToken: unknown): ComparisonPlan {
  if (typeof bytesPerToken !== 'number') return plan
  const { workload } = plan
  return { ...plan, workload: { ...workload, config: { ...workload.config, bytesPerToken } } }
}

/** Make a method; which parts of the comparison it is made from is seen as it asks for them. */
export function madeFrom(
  { family, context, later }: ChosenMethod,
  numbers: Numbers,
  { fisher, noise, scaleGradient }: MethodParts,
): { readonly method: Method; readonly parts: Partial<MethodParts> } {
  const asked = new Set<PropertyKey>()
  const noting = new Proxy<MethodContext>(context, {
    get: (target, key) => {
      asked.add(key)
      return Reflect.get(target, key)
    },
  })
  const method = family.make(numbers, noting)
  laterMethods(later, noting)
  const parts = Object.entries({ fisher, noise, scaleGradient }).filter(([name]) => asked.has(name))
  return { method, parts: Object.fromEntries(parts) }
}

/** Record the modules among the plug-ins that words chose. */
function modulesOf(
  chosen: readonly (readonly [
    { readonly name: string },
    string | undefined,
    { readonly name: string } | undefined,
  ])[],
): Promise<readonly ModuleRecord[]> {
  return Promise.all(
    chosen.flatMap(([kind, word, plugin]) =>
      word !== undefined && plugin !== undefined && isModulePath(word)
        ? [moduleSha256(word).then((sha256) => ({ kind: kind.name, word, name: plugin.name, sha256 }))]
        : [],
    ),
  )
}
