// Text as it is named: paths with what each needs. Comes in: words of the command line, or a list of a
// config. Goes out: sources as plain data, and the words again.
// Source: words as those of plugins have them, `chats.jsonl:field=body,weight=2`.

import { join } from 'node:path'
import { inConfig } from '@lotion/cli/internal'
import { nearestName } from '@lotion/core/internal'
import type { TextSource } from '@lotion/text/node'
import { z } from 'zod'

/** What `--data` says where no text is chosen: the bundled speeches, as bytes. */
export const SPEECHES = 'speeches'

/** What a source may say beside its path. */
const members = ['field', 'weight'] as const

/** A path up to the first number or name that belongs to it. */
const sourceForm = /^(.*?)(?::((?:field|weight)=.*))?$/s

const json = {
  type: 'array',
  items: {
    anyOf: [
      { type: 'string', description: 'a file, a folder, a pattern, or - for standard input' },
      {
        type: 'object',
        required: ['path'],
        additionalProperties: false,
        properties: {
          path: { type: 'string', description: 'a file, a folder, a pattern, or - for standard input' },
          field: { type: 'string', description: 'the field of lines of .jsonl that is the text' },
          weight: {
            type: 'number',
            exclusiveMinimum: 0,
            description: 'how often it is drawn from, relative to others; default: the number of its tokens',
          },
        },
      },
    ],
  },
}

/** Accept sources: words with commas between, or a list of paths and records. */
export const textSources = inConfig(
  z.unknown().transform((given, context): readonly TextSource[] => {
    const list = typeof given === 'string' ? pieces(given) : Array.isArray(given) ? given : [given]
    const sources: TextSource[] = []
    for (const [i, each] of list.entries()) {
      const found = typeof each === 'string' ? sourceOfWord(each) : sourceOfRecord(each)
      if (typeof found !== 'string') sources.push(found)
      else {
        // The place in a list of a config; of a line that was typed it is plain.
        context.addIssue({ code: 'custom', message: found, path: Array.isArray(given) ? [i] : [] })
        return z.NEVER
      }
    }
    if (sources.length > 0) return sources
    context.addIssue({ code: 'custom', message: 'expected at least one path, found none' })
    return z.NEVER
  }),
  {
    json,
    write: (sources) =>
      sources.map((source) => (Object.keys(source).length === 1 ? source.path : { ...source })),
  },
)

/** Whether text is one's own, and not the bundled speeches. */
export const isOwnText = (sources: readonly TextSource[]): boolean =>
  sources.length > 1 || sources[0]?.path !== SPEECHES

/** Sources with the field of those that name none. */
export const withField = (sources: readonly TextSource[], field: string | undefined): readonly TextSource[] =>
  sources.map((source) => ({ ...(field === undefined ? {} : { field }), ...source }))

/** Where tokens are kept: beside the runs of a folder. */
export const tokenFolder = (folder = ''): string => join(folder, 'runs', '.cache', 'text')

/** Sources as they are typed. */
export const wordsOfSources = (sources: readonly TextSource[]): string =>
  sources
    .map(({ path, ...own }) => {
      const said = Object.entries(own).map(([name, value]) => `${name}=${value}`)
      return said.length === 0 ? path : `${path}:${said.join(',')}`
    })
    .join(',')

/** At commas, but not before a number or name of a source. */
const pieces = (text: string): readonly string[] => text.split(/,(?!\s*(?:field|weight)=)/)

/** A source, or what is wrong with the word. */
function sourceOfWord(word: string): TextSource | string {
  const [, path = '', said] = sourceForm.exec(word.trim()) ?? []
  if (path === '') return "expected paths with commas between, found an empty one in '--data'"
  const own = (said?.split(',') ?? []).map((each) => each.trim().split(/=(.*)/s).slice(0, 2))
  return sourceOfRecord({
    path,
    ...Object.fromEntries(
      own.map(([name, value]) => [name, name === 'weight' ? Number(value || NaN) : value]),
    ),
  })
}

/** A source, or what is wrong with the record. */
function sourceOfRecord(given: unknown): TextSource | string {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return `expected a path, found ${JSON.stringify(given)}`
  const other = Object.keys(given).find((key) => !['path', ...members].includes(key))
  if (other !== undefined) {
    const near = nearestName(other, ['path', ...members])
    return `${other}: unknown key${near === undefined ? '' : `; did you mean '${near}'?`}`
  }
  const path: unknown = Reflect.get(given, 'path')
  const [field, weight]: readonly unknown[] = members.map((name): unknown => Reflect.get(given, name))
  if (typeof path !== 'string' || path === '') return `path: expected a path, found ${shown(path)}`
  if (field !== undefined && (typeof field !== 'string' || field === ''))
    return `field: expected a name, found ${shown(field)}`
  if (weight !== undefined && !(typeof weight === 'number' && weight > 0 && Number.isFinite(weight)))
    return `weight: expected a number above 0, found ${shown(weight)}`
  return { path, ...(field === undefined ? {} : { field }), ...(weight === undefined ? {} : { weight }) }
}

const shown = (value: unknown): string =>
  value === undefined || Number.isNaN(value) ? 'none' : JSON.stringify(value)
