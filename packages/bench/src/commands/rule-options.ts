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
  if (!Array.isArray(given)) return Object.entries(given)
  return given.map((each: unknown): readonly [string, unknown] => {
    const rule: { readonly pattern?: unknown; readonly format?: unknown } = Object(each)
    return [typeof rule.pattern === 'string' ? rule.pattern : '', rule.format]
  })
}

/** `embed_tokens: q8_0, mlp.*: q4_0, lm_head: f32`; in a config a mapping, too. */
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
    json: { type: ['object', 'string', 'array'], additionalProperties: { type: 'string' } },
    write: (chosen) => Object.fromEntries(chosen.map(({ pattern, format }) => [pattern, format])),
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
