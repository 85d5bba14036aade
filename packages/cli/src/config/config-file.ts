// Options out of a file. Comes in: YAML, JSON, or a module's default export; the options of a command. Goes
// out: what would have been typed, or the place in the file that is wrong.
// Source: npm yaml reads both YAML and JSON and knows lines and columns.

import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { LineCounter, parseDocument } from 'yaml'
import { foundWord } from '../kit/known-word.js'
import type { CliOption, CliOptions } from '../kit/cli-command.js'
import { UsageError } from '../kit/usage-error.js'
import { loadModule, moduleEndings } from '../plugins/load-plugins.js'
import { formOf } from './config-form.js'

const dataEndings: readonly string[] = ['.yaml', '.yml', '.json']

/** Characters of a value in a message. */
const SHOWN = 60

/**
 * Read a config and check each of its values.
 * @returns what would have been typed, by option; nothing for what the file leaves out or leaves empty.
 * @throws UsageError naming file and path in it, what was expected and what was found.
 */
export async function configValues(
  path: string,
  options: CliOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const file = basename(path)
  const config = await contentOf(path)
  if (typeof config !== 'object' || config === null || Array.isArray(config))
    throw new UsageError(`${file}: expected keys with values, found ${shown(config)}`)
  const keys = Object.keys(options).filter((key) => !options[key]!.call)
  const given = Object.entries(config).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(
    given.map(([key, value]) => {
      if (!keys.includes(key))
        throw new UsageError(
          `${file}: ${key}: unknown key${foundWord(keys, key).replace(/^found '.*?'/s, '')}`,
        )
      const option = options[key]!
      const raw = rawValue(option, value, `${file}: ${key}`)
      const result = option.schema.safeParse(raw)
      if (result.success) return [key, raw]
      const [{ path: inside, message }] = result.error.issues as [(typeof result.error.issues)[0]]
      throw new UsageError(`${file}: ${key}${inside.map(stepText).join('')}: ${message}`)
    }),
  )
}

/** What would have been typed for a value; the value itself where the option's schema takes it. */
function rawValue({ schema }: CliOption<unknown>, value: unknown, where: string): unknown {
  const { json, write } = formOf(schema)
  if (write) return value
  if (json['type'] === 'boolean') {
    if (typeof value === 'boolean') return value
    throw new UsageError(`${where}: expected true or false, found ${shown(value)}`)
  }
  if (json['type'] === 'array' && Array.isArray(value))
    return value.map((each, i) => wordOf(each, 'a word', `${where}[${i}]`)).join(',')
  const kinds: Readonly<Record<string, string>> = { array: 'a list of words', string: 'a word' }
  const anyOf = json['type'] === undefined ? 'a word or a number' : 'a number'
  return wordOf(value, kinds[String(json['type'])] ?? anyOf, where)
}

function wordOf(value: unknown, expected: string, where: string): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw new UsageError(`${where}: expected ${expected}, found ${shown(value)}`)
}

async function contentOf(path: string): Promise<unknown> {
  const ending = extname(path)
  if (moduleEndings.includes(ending)) {
    const { exports: found } = await loadModule(path, 'config')
    const config = found.find(([name]) => name === 'default')
    if (config) return config[1]
    const names = found.map(([name]) => name).join(', ')
    throw new UsageError(`${basename(path)}: expected a default export, found ${names || 'no exports'}`)
  }
  if (!dataEndings.includes(ending))
    throw new UsageError(
      `config: expected a file that ends in ${[...dataEndings, ...moduleEndings].join(', ')}, found '${path}'; options begin with two dashes`,
    )
  return parsed(basename(path), await textOf(path))
}

async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    const known: Readonly<Record<string, string>> = { ENOENT: 'nothing', EISDIR: 'a folder' }
    const found = known[error.code ?? ''] ?? `one that cannot be read (${error.code})`
    throw new UsageError(`config: expected a file, found ${found} at '${path}'`)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new UsageError(`${basename(path)}: expected text in UTF-8, found other bytes`)
  }
}

/** The value of a text; an empty one has no keys. */
function parsed(file: string, text: string): unknown {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const wrong = document.errors[0] ?? document.warnings[0]
  if (wrong) {
    const { line, col } = lines.linePos(wrong.pos[0])
    const what = extname(file) === '.json' ? 'JSON' : 'YAML'
    throw new UsageError(`${file}: line ${line}, column ${col}: expected ${what}: ${wrong.message}`)
  }
  try {
    const value: unknown = document.toJS()
    return value ?? {}
  } catch (error) {
    throw new UsageError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const stepText = (step: PropertyKey): string => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)

function shown(value: unknown): string {
  if (typeof value === 'function' || typeof value === 'symbol') return `a ${typeof value}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
