// What stored records of a run must be, so that nothing of a file that was changed is taken for a measure.
// Comes in: a value, parsed from JSON. Goes out: nothing, or what is wrong with it, and where.
// Source: records.ts; unknown members are those of later versions.

import { z } from 'zod'
import type { MetricsRecord } from '../records.js'

const number = z.custom<number>((value) => typeof value === 'number', 'expected a number')
/** JSON has no infinite numbers: they stand there as null. */
const measure = z.custom<number | null>(
  (value) => value === null || typeof value === 'number',
  'expected a number, or null for one that is not finite',
)
const count = z.custom<number>(
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  'expected a whole number from 0 on',
)
const text = z.string('expected a text')
const time = z.custom<string>(
  (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  'expected a time of ISO 8601',
)
const list = <S extends z.ZodType>(each: S) => z.array(each, 'expected a list')
const record = (members: z.ZodRawShape) => z.looseObject(members, 'expected an object')
const named = <S extends z.ZodType>(each: S) => z.record(z.string(), each, 'expected an object')

const timing = record({
  at: time,
  trainingSeconds: number,
  processorSeconds: number.optional(),
  tokensPerSecond: number.optional(),
})
const moment = { method: text, seed: count, tokens: number.optional(), timing }
const modules = list(record({ kind: text, word: text, name: text, sha256: text }))
const summary = record({ mean: measure, std: measure, values: list(measure) })
const bestSchema = record({ step: count, fullPrecision: measure, nearest: measure })

/** The first line of a run's metrics, which its `run.json` has too. */
export const runRecordSchema = record({
  type: z.literal('run'),
  command: text,
  commit: record({ id: text, changed: z.boolean('expected true or false') }).optional(),
  seed: count,
  config: named(z.unknown()),
  modules,
  versions: named(text),
  timing: record({ at: time }),
})

const schemas: Readonly<Record<MetricsRecord['type'], z.ZodType>> = {
  run: runRecordSchema,
  evaluation: record({
    ...moment,
    step: count,
    training: measure,
    fullPrecision: measure,
    nearest: measure,
    randomized: measure.optional(),
  }),
  weights: record({
    ...moment,
    step: count,
    learningRate: number.optional(),
    lambda: number.optional(),
    gradientNorm: number.optional(),
    penalty: number.optional(),
    distance: number,
    variance: number,
    saturated: number,
    codes: record({ used: count, of: count, entropy: number }),
    grid: record({ from: number, width: number, counts: list(number), format: text }),
    around: list(number),
    sqnr: list(measure),
    flips: list(number).optional(),
    parameters: list(
      record({
        name: text,
        weights: number,
        format: text.optional(),
        block: text.optional(),
        bits: number,
      }),
    ).optional(),
  }),
  sample: record({ method: text, seed: count, fullPrecision: text, nearest: text }),
  result: record({
    ...moment,
    settings: named(z.unknown()),
    learningRate: number,
    steps: count,
    fullPrecision: measure,
    nearest: measure,
    randomized: measure,
    casts: count,
    bestStep: count.optional(),
    averaged: number.optional(),
    stopped: record({ step: count, by: text, reason: text }).optional(),
    diverged: text.optional(),
    left: record({ job: text.optional(), best: bestSchema.optional() }).optional(),
  }),
  comparison: record({
    task: text,
    method: text,
    format: text,
    block: text,
    bitsPerWeight: named(number),
    seeds: count,
    fullPrecision: summary,
    nearest: summary,
    randomized: summary,
    numbers: named(number),
    config: record({ steps: count, firstSeed: count, casts: count, learningRate: number }),
    modules,
  }),
}

/** Characters of a value in a message. */
const SHOWN = 60

/** What a schema says is wrong with a value: the place in it, what was expected and found; else nothing. */
export function wrongWith(value: unknown, schema: z.ZodType): string | undefined {
  const result = schema.safeParse(value)
  if (result.success) return undefined
  const { path, message } = result.error.issues[0]!
  const found = path.reduce(
    (at: unknown, key) => (at as Readonly<Record<PropertyKey, unknown>>)?.[key],
    value,
  )
  const where = path.length === 0 ? '' : `${path.join('.')}: `
  return `${where}${message.replace(/^Invalid input: /, '').replace(/, received .*$/, '')}, found ${shown(found)}`
}

/** What is wrong with a value as a line of `metrics.jsonl`; nothing, if it is one. */
export function wrongRecord(value: unknown): string | undefined {
  const { type }: { readonly type?: unknown } = Object(value)
  const schema = Object.entries(schemas).find(([name]) => name === type)?.[1]
  if (!schema)
    return `expected a record of type ${Object.keys(schemas).join(', ')}, found ${shown(type ?? value)}`
  const wrong = wrongWith(value, schema)
  if (wrong !== undefined || type !== 'comparison') return wrong
  const record = value as Extract<MetricsRecord, { readonly type: 'comparison' }>
  const odd = (['fullPrecision', 'nearest', 'randomized'] as const).find(
    (key) => record[key].values.length !== record.seeds,
  )
  return odd && `${odd}.values: expected a loss a seed, ${record.seeds}, found ${record[odd].values.length}`
}

/** What is wrong with the records that a finished run left, numbers that are not finite among them. */
export function wrongLines(values: unknown): string | undefined {
  if (!Array.isArray(values)) return `expected a list of records, found ${shown(values)}`
  for (const [i, value] of values.entries()) {
    const wrong = wrongRecord(value)
    if (wrong !== undefined) return `record ${i + 1}: ${wrong}`
  }
  return undefined
}

const shown = (value: unknown): string => {
  const json = value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value)
  return json.length > SHOWN ? `${json.slice(0, SHOWN)}…` : json
}
