// Methods as they are typed, each one method or several in phases. Comes in: words. Goes out: checked words.
// Source: docs/design/04-bench.md, "Phases".

import { inConfig, formOf, methodKind, pluginWord, pluginWords } from '@lotion/cli/internal'
import { z } from 'zod'
import { phasesOf, phasesWord, type PhaseWord } from '../runs/phase-words.js'

const one = pluginWord(methodKind)

/** A method, or phases such as `lotion+qat@0.8`; written as in records. */
const phased: z.ZodType<string> = inConfig(
  z.string().transform((text, context): string => {
    try {
      return phasesWord(
        phasesOf(text).map(({ word, share }): PhaseWord => {
          const checked = one.safeParse(word)
          if (!checked.success) throw new RangeError(checked.error.issues[0]!.message)
          return { word: checked.data, share }
        }),
      )
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      return z.NEVER
    }
  }),
  { json: formOf(one).json },
)

/** The last phase's method, without its share. */
function lastOf(text: string): string {
  try {
    return phasesOf(text).at(-1)!.word
  } catch {
    return text
  }
}

/** Methods between commas, each once. */
export const methodWords = pluginWords(methodKind, { word: phased, last: lastOf }).refine(
  (words) => new Set(words).size === words.length,
  { error: ({ input }) => `expected each method once, found ${String(input)}` },
)
