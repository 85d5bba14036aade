// Options that choose parameters by patterns of their names: formats, what is trained. Comes in: words. Goes
// out: rules as plain data.
// Source: docs/design/04-bench.md, "Rules by parameter".

import { maybe, several, UsageError, type CliOptions, type OptionValues } from '@lotion/cli'
import { formatKind, inConfig, pluginWord } from '@lotion/cli/internal'
import { z } from 'zod'
import { FULL_PRECISION, type FormatRule, type ParameterRules } from '../runs/parameter-rules.js'

const word = pluginWord(formatKind)

/** Pairs of a pattern and a word, as they were given; or what is wrong with them. */
function pairsOf(given: unknown): readonly (readonly [string, unknown])[] | string {
  if (typeof given === 'string')
    // A comma before `name=` belongs to a format's numbers.
    return given.split(/,(?!\s*[\w-]+=)/).map((piece) => {
      const [, pattern = piece, format = ''] = /^([^:]*):(.*)$/s.exec(piece) ?? []
      return [pattern.trim(), format.trim()] as const
    })
  if (typeof given !== 'object' || given === null) return JSON.stringify(given)
  if (!Array.isArray(given)) return pairsOfMapping(given)
  const pairs: (readonly [string, unknown])[] = []
  for (const each of given as readonly unknown[]) {
    if (typeof each === 'string') {
      const words = pairsOf(each)
      if (typeof words !== 'string') pairs.push(...words)
      continue
    }
    const { pattern, format, ...more }: Readonly<Record<string, unknown>> = Object(each)
    if (typeof pattern !== 'string' || typeof format !== 'string' || Object.keys(more).length > 0)
      return JSON.stringify(each) ?? typeof each
    pairs.push([pattern, format])
  }
  return pairs
}

/** The pairs of a mapping, in its order; or what is wrong with it. */
function pairsOfMapping(given: object): readonly (readonly [string, unknown])[] | string {
  const pairs = Object.entries(given)
  // JavaScript puts keys that are whole numbers first, wherever they stood: another rule would count.
  const number = pairs.find(([pattern]) => /^\d+$/.test(pattern))
  if (number && pairs.length > 1)
    return `the pattern ${number[0]} in a mapping, which does not keep the place of a number; write a list of \`- pattern: …, format: …\``
  return pairs
}

/**
 * `embed_tokens: q8_0, mlp.*: q4_0, lm_head: f32`; in a config a list of records, or a mapping. A list is
 * written: the order of a mapping is no part of YAML or JSON, and a pattern can stand in it once.
 */
const rules: z.ZodType<readonly FormatRule[]> = inConfig(
  z.unknown().transform((given, context): readonly FormatRule[] => {
    const refuse = (message: string): never => {
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    const form = "expected patterns of names with a format each, such as 'embed_tokens: q8_0, mlp.*: q4_0'"
    const pairs = pairsOf(given)
    if (typeof pairs === 'string') return refuse(`${form}, found ${pairs}`)
    const found: FormatRule[] = []
    for (const [pattern, format] of pairs) {
      if (pattern === '' || typeof format !== 'string' || format === '')
        return refuse(`${form}, found '${pattern}'${format === '' ? '' : `: ${JSON.stringify(format)}`}`)
      if (format.toLowerCase() === FULL_PRECISION) found.push({ pattern, format: FULL_PRECISION })
      else {
        const checked = word.safeParse(format)
        if (!checked.success)
          return refuse(
            `'${pattern}': ${checked.error.issues[0]!.message}; ${FULL_PRECISION} is full precision`,
          )
        found.push({ pattern, format: checked.data })
      }
    }
    return found
  }),
  {
    json: {
      type: ['array', 'object', 'string'],
      items: {
        type: ['object', 'string'],
        properties: { pattern: { type: 'string' }, format: { type: 'string' } },
        required: ['pattern', 'format'],
        additionalProperties: false,
      },
      additionalProperties: { type: 'string' },
    },
    write: (chosen) => chosen.map(({ pattern, format }) => ({ pattern, format })),
  },
)

/** Patterns of names between commas. */
const patterns = several(
  z
    .string()
    .min(
      1,
      "expected patterns of names with commas between, such as 'embed_tokens,layers.0', found an empty one",
    ),
)

/** Rules by names of parameters. */
export const ruleOptions = {
  formats: {
    flags: '--formats <rules>',
    description: `formats of parameters by name: 'embed_tokens: q8_0, mlp.*: q4_0'; ${FULL_PRECISION} is full precision; the first that fits counts`,
    schema: maybe(rules),
  },
  freeze: {
    flags: '--freeze <patterns>',
    description: "parameters that stay as they begin, by name: 'embed_tokens,norm'",
    schema: maybe(patterns),
  },
  trainOnly: {
    flags: '--train-only <patterns>',
    description: 'parameters that are trained, by name; all others stay as they begin',
    schema: maybe(patterns),
  },
} as const satisfies CliOptions

/** What the options say. @throws UsageError for what does not go together. */
export function rulesOf({ formats, freeze, trainOnly }: OptionValues<typeof ruleOptions>): ParameterRules {
  if (freeze && trainOnly)
    throw new UsageError(
      `train-only: expected it or --freeze, found both, ${trainOnly.join(', ')} and ${freeze.join(', ')}; leave out one`,
    )
  return {
    ...(formats ? { formats } : {}),
    ...(freeze ? { freeze } : {}),
    ...(trainOnly ? { trainOnly } : {}),
  }
}
