// Values of options, checked at the edge. Comes in: text from the command line. Goes out: numbers, names,
// lists; or what was expected and what was found. Source: zod for the checks.

import type { BlockAxis } from '@lotion/core'
import { blockName, parseAxis, parseBlock } from '@lotion/core/internal'
import { z } from 'zod'
import { formOf, inConfig } from '../config/config-form.js'
import { foundWord, knownWord } from './known-word.js'

/** A number as people type it: no hexadecimal, no blanks, no infinity. */
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Bounds of a number. */
export interface Range {
  /** Smallest value allowed. */
  readonly min?: number
  /** Largest value allowed. */
  readonly max?: number
  /** The value must be larger than this. */
  readonly above?: number
}

/**
 * Accept a whole number in a range.
 * @param range Bounds, themselves allowed but for `above`. Default: any up to 2⁵³ − 1.
 * @experimental
 */
export function wholeNumber(range: Range = {}): z.ZodType<number> {
  return number({ ...range, max: range.max ?? Number.MAX_SAFE_INTEGER }, 'a whole number', Number.isInteger)
}

/**
 * Accept a number in a range.
 * @param range Bounds, themselves allowed but for `above`. Default: all finite numbers.
 * @experimental
 */
export function realNumber(range: Range = {}): z.ZodType<number> {
  return number(range, 'a number', Number.isFinite)
}

/**
 * Accept one of several names, in any case.
 * @param names As values have them; messages list them in this order.
 * @experimental
 */
export function oneOf<const T extends string>(names: readonly T[]): z.ZodType<T> {
  const words = z.string().transform((text, context): T => {
    const found = knownWord(names, text)
    if (found !== undefined) return found
    return refuse(context, `expected one of ${names.join(', ')}, ${foundWord(names, text)}`)
  })
  return inConfig(words, { json: { type: 'string', enum: [...names] } })
}

/**
 * Accept a list of names with commas between, in any case, each at most once.
 * @param names As values have them; messages list them in this order.
 * @experimental
 */
export function listOf<const T extends string>(names: readonly T[]): z.ZodType<readonly T[]> {
  const words = z.string().transform((text, context): readonly T[] => {
    const found: T[] = []
    for (const part of text.split(',').map((piece) => piece.trim())) {
      const name = knownWord(names, part)
      if (name === undefined)
        return refuse(context, `expected some of ${names.join(', ')}, ${foundWord(names, part)}`)
      if (found.includes(name)) return refuse(context, `expected each name once, found '${name}' twice`)
      found.push(name)
    }
    return found
  })
  return inConfig(words, { json: { type: 'array', items: { enum: [...names] } } })
}

/**
 * Accept values between commas, each for another schema.
 * @param schema Of one value; what it refuses, the whole is refused for.
 * @param pieces Takes the text apart. Default: at commas. Blanks around a piece do not count.
 * @experimental
 */
export function several<T>(
  schema: z.ZodType<T>,
  pieces = (text: string): readonly string[] => text.split(','),
): z.ZodType<readonly T[]> {
  const words = z.string().transform((text, context): readonly T[] => {
    const results = pieces(text).map((piece) => schema.safeParse(piece.trim()))
    const bad = results.find(({ success }) => !success)
    if (bad?.error) return refuse(context, bad.error.issues[0]!.message)
    return results.flatMap(({ data }) => (data === undefined ? [] : [data]))
  })
  return inConfig(words, { json: { type: 'array', items: formOf(schema).json } })
}

/**
 * Accept a word, in any case, or else what another schema accepts.
 * @param word Tried first.
 * @param other Tried with all else.
 * @experimental
 */
export function wordOr<const W extends string, T>(word: W, other: z.ZodType<T>): z.ZodType<W | T> {
  const words = z.string().transform((text, context): W | T => {
    if (knownWord([word], text) !== undefined) return word
    const result = other.safeParse(text)
    if (result.success) return result.data
    const expected = result.error.issues[0]!.message.replace(/^expected /, `expected '${word}' or `)
    return refuse(context, expected.replace(`found '${text}'`, foundWord([word], text)))
  })
  return inConfig(words, { json: { anyOf: [{ const: word }, formOf(other).json] } })
}

/**
 * Accept nothing, or what another schema accepts.
 * @param schema Of a value that is there.
 * @experimental
 */
export function maybe<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.optional()
}

const blockWords = ['row', 'tensor'] as const

/** Weights that share a scale: `tensor`, `row`, in any case, or a number; written as records have it. */
export const blockValue: z.ZodType<string> = inConfig(
  z.string().transform((text, context): string => {
    try {
      return blockName(parseBlock(knownWord(blockWords, text) ?? text))
    } catch {
      return refuse(
        context,
        `expected a positive whole number, 'row' or 'tensor', ${foundWord(blockWords, text)}`,
      )
    }
  }),
  { json: { anyOf: [{ enum: [...blockWords] }, { type: 'integer', minimum: 1 }] } },
)

/** What blocks run along: an axis, or first and last of several. */
export const axisValue: z.ZodType<BlockAxis> = z.string().transform((text, context): BlockAxis => {
  try {
    return parseAxis(text)
  } catch (error) {
    return refuse(context, error instanceof Error ? error.message.replace(/^axis: /, '') : String(error))
  }
})

/** A path that is not empty. @experimental */
export const folderValue: z.ZodType<string> = z.string().min(1, "expected the name of a folder, found ''")

/** A path that is not empty. */
export const pathValue: z.ZodType<string> = z.string().min(1, "expected a path, found ''")

/** A regular expression, compiled. */
export const pattern: z.ZodType<RegExp> = z.string().transform((text, context): RegExp => {
  try {
    return new RegExp(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return refuse(context, `expected a regular expression, found '${text}' (${reason})`)
  }
})

/** A switch. @experimental */
export const flag: z.ZodType<boolean> = z.boolean().default(false)

function number(range: Range, what: string, accepts: (value: number) => boolean): z.ZodType<number> {
  const { min, max, above } = range
  const limits = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(min === undefined ? [] : [`from ${min}`]),
    ...(max === undefined || max === Number.MAX_SAFE_INTEGER ? [] : [`up to ${max}`]),
  ]
  const expected = [what, limits.join(' ')].filter(Boolean).join(' ')
  const words = z.string().transform((text, context): number => {
    const value = decimal.test(text) ? Number(text) : NaN
    const inside = value >= (min ?? -Infinity) && value <= (max ?? Infinity) && value > (above ?? -Infinity)
    return accepts(value) && inside ? value : refuse(context, `expected ${expected}, found '${text}'`)
  })
  return inConfig(words, {
    json: {
      type: accepts(0.5) ? 'number' : 'integer',
      ...(above === undefined ? {} : { exclusiveMinimum: above }),
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    },
  })
}

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message })
  return z.NEVER
}
