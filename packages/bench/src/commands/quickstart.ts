// Command: the whole path from text to a 4-bit model. Comes in: options. Goes out: a table, a report, metrics, a model.
// Source: docs/design/04-bench.md.

import { availableParallelism } from 'node:os'
import { relative, resolve } from 'node:path'
import { planWeights } from '@lotion/checkpoints'
import { blockName, mapTree } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { formatTitle } from '@lotion/formats'
import {
  blockOption,
  type CliContext,
  defineCommand,
  folderValue,
  formatOption,
  formatWith,
  listOf,
  maybe,
  openRun,
  planLines,
  planRecords,
  planWarnings,
  type ProgressLine,
  type RunFiles,
  progressLine,
  rate,
  realNumber,
  UsageError,
  wantsPlain,
  wholeNumber,
} from '@lotion/cli'
import type { LanguageComparison, LanguageObserver } from '../language/compare-language.js'
import { languageDefaults as defaults, type LanguageSettings } from '../language/language-settings.js'
import { renderReport } from '../report/index.js'
import { resultsTable } from '../report/results-table.js'
import { refuseLanguageTooLarge } from '../language/language-memory.js'
import type { EvaluationRecord, ResultRecord, RunRecord } from '../records.js'
import { versions } from '../run-files/versions.js'
import { hasLambda, methodNames, methodOf } from '../tasks/method-choice.js'

/** Room for the report, the metrics and the header of the model: about ten times what they take by default. */
const reportBytes = 2 ** 21

/** A whole number from 1 with the quickstart's default. */
function count(flags: string, description: string, value: number, max: number) {
  return { flags, description, schema: wholeNumber({ min: 1, max }), default: String(value) } as const
}

export const quickstart = defineCommand({
  path: ['quickstart'],
  summary: 'train a small language model with PTQ, QAT and LOTION and compare them',
  examples: [
    'lotion quickstart',
    'lotion quickstart --format int3 --block row',
    'lotion quickstart --format mxfp4 --steps 300 --seed 2',
    'lotion quickstart --seeds 5 --out runs/five-seeds',
  ],
  options: {
    format: formatOption('int4'),
    block: blockOption,
    methods: {
      flags: '--methods <names>',
      description: `methods to compare, of ${methodNames.join(', ')}`,
      schema: listOf(methodNames),
      default: 'ptq,qat,lotion',
    },
    steps: count('--steps <n>', 'training steps of each method', defaults.steps, 1e9),
    seed: {
      flags: '--seed <n>',
      description: 'the first seed',
      schema: wholeNumber({ min: 0, max: 2 ** 52 }),
      default: '0',
    },
    seeds: count('--seeds <n>', 'how many seeds each method is run on', 1, 1000),
    batch: count('--batch <n>', 'sequences a step', defaults.batch, 4096),
    context: count('--context <n>', 'tokens (bytes) a sequence', defaults.context, 4096),
    dimension: count('--dimension <n>', 'width of the model', defaults.dimension, 8192),
    layers: count('--layers <n>', 'layers of the model', defaults.layers, 256),
    heads: count('--heads <n>', 'attention heads of the model', defaults.heads, 1024),
    lr: {
      flags: '--lr <rate>',
      description: 'peak learning rate, the same for every method',
      schema: realNumber({ above: 0, max: 1 }),
      default: String(defaults.learningRate),
    },
    lambda: {
      flags: '--lambda <strength>',
      description: 'strength of LOTION’s penalty and of CAGE’s pull (default: 1)',
      schema: maybe(realNumber({ min: 0 })),
    },
    threads: {
      flags: '--threads <n>',
      description:
        'threads of the engine; the results do not depend on it (default: one for a small model, else one a processor)',
      schema: maybe(wholeNumber({ min: 1, max: 256 })),
    },
    out: {
      flags: '--out <folder>',
      description:
        'where metrics.jsonl, report.html and model.safetensors are written; those of an earlier run are removed',
      schema: folderValue,
      default: 'runs/quickstart',
    },
  },
  async run(values, context) {
    const { stderr, stdout, signal } = context
    const { batch, steps, dimension, layers, heads } = values
    const settings: LanguageSettings = {
      ...defaults,
      batch,
      steps,
      dimension,
      layers,
      heads,
      context: values.context,
      hidden: 32 * Math.ceil((3 * dimension) / 32),
      learningRate: values.lr,
      evaluations: Math.min(defaults.evaluations, steps),
    }
    const format = formatWith(values.format, values.block)
    const lambda = values.lambda ?? 1
    const methods = values.methods.map((name) => {
      const choice = {
        name,
        fisher: 'empirical',
        scaleGradient: true,
        ...(hasLambda(name) ? { lambda } : {}),
      } as const
      return methodOf(choice, format, { lambda: (strength) => strength })
    })
    const seeds = Array.from({ length: values.seeds }, (_, i) => values.seed + i)
    // Not before they are needed: other commands and the help would wait for tfjs and onnxruntime.
    const { onnxEngine } = await import('@lotion/onnx')
    const { compareLanguage } = await import('../language/compare-language.js')
    const { languageModel } = await import('../language/language-setup.js')
    const { saveModel } = await import('../language/save-model.js')
    const model = usable(() => languageModel(settings))
    usable(() => refuseLanguageTooLarge(model, settings))
    const files = await openRun(resolve(values.out), {
      outcomes: ['model.safetensors', 'report.html'],
      bytes: 4 * model.parameterCount + reportBytes,
    })
    const warnings = (message: string): void => void stderr.write(`warning: ${message}\n`)
    const threads = values.threads ?? threadsFor(model.parameterCount)
    // One memory for weights, gradients and moments: nothing is copied between engine and optimizer.
    const executor = cpuExecutor({ threads })
    const engine = await onnxEngine({ threads, onWarning: warnings, memory: executor })
    stderr.write(
      `${rate(model.parameterCount)} parameters · ${formatTitle(format)} · ${methods.map(({ name }) => name).join(', ')} · ${seeds.length} seed${seeds.length > 1 ? 's' : ''} · ` +
        `${steps} step${steps > 1 ? 's' : ''} of ${batch * settings.context} tokens each · engine ${engine.name}\n`,
    )
    const plan = planWeights(
      { path: 'model', metadata: {}, tensors: mapTree(model.shapes, (shape) => ({ dtype: 'F32', shape })) },
      { format },
    )
    for (const line of planLines(plan, format)) stderr.write(`${line}\n`)
    for (const warning of planWarnings(plan, format)) warnings(warning)
    const run: RunRecord = {
      type: 'run',
      command: context.commandLine,
      seed: values.seed,
      config: {
        ...settings,
        format: format.name,
        block: blockName(format.block),
        quantization: planRecords(plan, format),
        methods: values.methods,
        seeds: values.seeds,
        lambda,
      },
      versions: versions(),
      timing: { at: new Date().toISOString() },
    }
    const watch = observer(files, settings.steps, seeds.length > 1, context)
    let comparison: LanguageComparison
    try {
      await files.record(run)
      comparison = await compareLanguage({
        settings,
        methods,
        seeds,
        engine,
        executor,
        observer: watch,
        signal,
      })
    } finally {
      await engine.close()
    }
    signal.throwIfAborted()
    const results = comparison.results.map(({ record }) => record)
    const title = `LOTION quickstart: ${formatTitle(format)}`
    const best = chosen(comparison)
    // A file that cannot be written costs that file alone: the rest of the run is told all the same.
    const failures = await failuresOf([
      () => saveModel(files.path('model.safetensors'), best, format),
      () =>
        files.write(
          'report.html',
          renderReport({ run, evaluations: watch.evaluations, results, texts: comparison.texts, title }),
        ),
    ])
    stdout.write(
      `\nvalidation loss, nats per byte, ${formatTitle(format)}\n${resultsTable(results, { plain: wantsPlain(stdout) })}\n`,
    )
    stdout.write(
      `\nthe model of ${best.record.method} in ${formatTitle(format)} continues a prompt:\n\n${printable(comparison.texts[best.record.method]!.trim())}\n`,
    )
    if (failures.length > 0) throw failures[0]
    stdout.write(nextSteps(relative(process.cwd(), files.folder) || '.', best.record))
  },
})

/** Small operators gain little from a second thread, and lose much where other programs want the processor. */
function threadsFor(parameterCount: number): number {
  return parameterCount < 500_000 ? 1 : availableParallelism()
}

/** Do all of it, whatever fails, and collect what did. */
async function failuresOf(works: readonly (() => Promise<unknown>)[]): Promise<readonly unknown[]> {
  const failures: unknown[] = []
  for (const work of works) await work().catch((error: unknown) => failures.push(error))
  return failures
}

/** Turn a complaint about settings that do not go together into a mistake of the call. */
function usable<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(error.message) : error
  }
}

/** The result whose model is kept, of the last seed as the texts: LOTION's if there is one, else the lowest loss after the cast. */
function chosen({ results }: LanguageComparison): LanguageComparison['results'][number] {
  const last = results.filter(({ record }) => record.seed === results.at(-1)!.record.seed)
  const byLoss = last
    .filter(({ record }) => Number.isFinite(record.nearest))
    .sort((a, b) => a.record.nearest - b.record.nearest)
  return last.find(({ record }) => record.method === 'lotion') ?? byLoss[0] ?? last[0]!
}

/** Bytes that a model invents may be a terminal's control characters: show them as what cannot be shown. */
function printable(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '\uFFFD')
}

/** Draws the progress and writes every record as it comes. */
function observer(files: RunFiles, steps: number, severalSeeds: boolean, { stderr }: CliContext) {
  const evaluations: EvaluationRecord[] = []
  let line: ProgressLine | undefined
  return {
    evaluations,
    methodStarts: ({ name }, seed) => {
      line = progressLine({ label: severalSeeds ? `${name} ${seed}` : name, total: steps, stream: stderr })
    },
    progress: (progress) => line?.update(progress),
    methodEnds: () => line?.stop(),
    record: async (record) => {
      if (record.type === 'evaluation') evaluations.push(record)
      await files.record(record)
    },
  } satisfies LanguageObserver & { evaluations: EvaluationRecord[] }
}

function nextSteps(folder: string, { method }: ResultRecord): string {
  return [
    '',
    'what to look at next',
    `  ${folder}/report.html         the curves of every method`,
    `  ${folder}/metrics.jsonl       every evaluation, with seed, settings and versions`,
    `  ${folder}/model.safetensors   the weights of ${method}, cast to the format`,
    '  npm start -- --format int3 --block row      a format that hurts more',
    '  npm run -s lotion -- run linear-regression  the paper’s synthetic problem, five methods, ten seeds',
    '  npm run -s lotion -- --help                 everything else',
    '',
  ].join('\n')
}
