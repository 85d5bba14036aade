// A config for people and for editors. Comes in: the options of a command, what was chosen. Goes out: YAML
// that gives the same run again, with what each key means; a JSON schema.
// Source: JSON Schema 2020-12; the first line is what the YAML language server reads.

import { Document, Pair, Scalar } from 'yaml'
import { checked, type CliCommand, type CliOption } from '../kit/cli-command.js'
import { formOf, type JsonSchema } from './config-form.js'

/** How a line of a comment is folded. */
const WIDTH = 98

/** The options that are keys of a config, by key. */
const keysOf = ({
  options,
}: Pick<CliCommand, 'options'>): readonly (readonly [string, CliOption<unknown>])[] =>
  Object.entries(options).filter(([, { call }]) => !call)

/**
 * Write a whole config: every key, those that were not chosen as comments.
 * @param raw As typed, or as a config gave it; with the defaults.
 * @throws UsageError naming the option that is wrong.
 */
export function configText(command: CliCommand, raw: Readonly<Record<string, unknown>>): string {
  const values: Readonly<Record<string, unknown>> = checked(command.options, raw)
  const name = command.path.join('-')
  const document = new Document({})
  document.commentBefore = [
    ` yaml-language-server: $schema=${name}.schema.json`,
    ` lotion ${command.path.join(' ')} THIS-FILE trains so again; ${name}.schema.json is made by`,
    ` lotion ${command.path.join(' ')} --print-schema > ${name}.schema.json`,
  ].join('\n')
  const pairs: Pair[] = []
  let waiting: string[] = []
  for (const [key, option] of keysOf(command)) {
    const value = nativeValue(option, raw[key], values[key])
    const comment = [...folded(option.description)]
    if (value === undefined) {
      waiting.push(...comment, ` ${key}:`, '')
      continue
    }
    const scalar = new Scalar(key)
    scalar.commentBefore = [...waiting, ...comment].join('\n')
    scalar.spaceBefore = pairs.length > 0
    pairs.push(new Pair(scalar, document.createNode(value, { flow: isFlat(value) })))
    waiting = []
  }
  document.contents = document.createNode({})
  for (const pair of pairs) document.add(pair)
  if (waiting.length > 0) document.comment = waiting.join('\n').trimEnd()
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

/** Lists of words stand in a line, others below each other. */
const isFlat = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each !== 'object')

/** An option's value as a config has it. */
function nativeValue({ schema }: CliOption<unknown>, raw: unknown, value: unknown): unknown {
  if (raw === undefined || value === undefined) return undefined
  const { json, write } = formOf(schema)
  if (write) return write(value as never)
  const isWord = (each: unknown): boolean => ['string', 'number'].includes(typeof each)
  if (json['type'] === 'array') return Array.isArray(value) && value.every(isWord) ? value : raw
  // A word or a number.
  if (json['type'] === undefined && typeof value === 'string' && /^\d+$/.test(value)) return Number(value)
  return ['boolean', 'number', 'string'].includes(typeof value) ? value : raw
}

function folded(text: string): readonly string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    if (lines.at(-1)!.length + word.length >= WIDTH) lines.push('')
    lines[lines.length - 1] += ` ${word}`
  }
  return lines
}

/** The JSON schema of a command's configs. */
export function configSchema(command: CliCommand): JsonSchema {
  const properties = keysOf(command).map(([key, option]) => {
    const { json } = formOf(option.schema)
    const usual = option.default
    const value = usual === undefined ? undefined : option.schema.parse(usual)
    return [
      key,
      {
        description: option.description,
        ...json,
        ...(usual === undefined ? {} : { default: nativeValue(option, usual, value) }),
      },
    ] as const
  })
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `lotion ${command.path.join(' ')}`,
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  }
}
