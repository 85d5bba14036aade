// Words that choose plugins: `int4`, `dithered:0.3`, `adamw:beta2=0.95`, or a module's path such as
// `./my-noise.ts`, `./mine.ts#noise:0.3`. Comes in: a word, a kind. Goes out: the checked word, which is
// plain data and means the same in every process; and the plugin that it stands for.
// Source: docs/design/01-architecture.md (catalogues).

import { defineFamily, numbersOf, type Family } from '@lotion/core'
import { isFamily, refuseUnknownKeys } from '@lotion/core/internal'
import { z } from 'zod'
import { inConfig } from '../config/config-form.js'
import { loadModule, moduleEndings } from '../plugins/load-plugins.js'
import { numbersIn } from './family-numbers.js'
import { foundWord, knownWord } from './known-word.js'
import { several } from './option-values.js'
import { UsageError } from './usage-error.js'

/** A kind of plugin that a word can choose. `C` is what else its plugins are made from. */
export interface PluginKind<P, C = void> {
  /** As options call it: `noise`. */
  readonly name: string
  readonly families: readonly Family<P, C>[]
  /**
   * What a run chooses (a format, a learning rate) is in its plugins: a module exports a family, not one that
   * is made already and would know nothing of it.
   */
  readonly ofRun?: string
  /** Tell whether a value is a plug-in of this kind. */
  isOne(value: unknown): value is P
  /** Refuse one that a module exports. @throws RangeError saying why. */
  refuse?(plugin: P): void
  /** What may be changed of a plugin without numbers by a word behind its name: `int4:mse-clip`. */
  readonly variants?: PluginVariants<P>
}

/** Words behind a name that change one thing of a plugin. */
export interface PluginVariants<P> {
  /** What they choose, as messages say it: `scale rule`. */
  readonly what: string
  readonly names: readonly string[]
  /** For help texts: `int4:mse-clip`. */
  readonly example: string
  /** Make the same plugin with what a word chooses; the same one if it has that already. */
  make(plugin: P, name: string): P
}

/** Define a kind; frozen. @throws if a key is unknown. */
export function definePluginKind<P, C = void>(kind: PluginKind<P, C>): PluginKind<P, C> {
  refuseUnknownKeys(kind.name, kind, {
    name: true,
    families: true,
    ofRun: true,
    isOne: true,
    refuse: true,
    variants: true,
  })
  return Object.freeze(kind)
}

/** What a kind's words look like, for help texts: names, with the numbers that may follow. */
export function wordsOf<P, C>({ families, variants }: PluginKind<P, C>): string {
  const names = families.map(({ name, numbers }) => {
    const first = Object.keys(numbers)[0]
    return first === undefined ? name : `${name}[:${first}]`
  })
  const changed = variants ? `; with another ${variants.what}: ${variants.example}` : ''
  return `${names.join(', ')}, or the path of a module${changed}`
}

/**
 * Accept a word of a kind, in any case; the result is written as in records. A module is loaded later, which
 * is when its numbers are checked.
 */
export function pluginWord<P, C>(kind: PluginKind<P, C>): z.ZodType<string> {
  const words = z.string().transform((text, context): string => {
    try {
      if (!isModulePath(text)) return written(parsed(kind, text))
      moduleWord(text)
      return text
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      return z.NEVER
    }
  })
  const names = kind.families.map(({ name }) => name)
  return inConfig(words, { json: { type: 'string', anyOf: [{ enum: names }, { type: 'string' }] } })
}

/** Words that are made of several of a kind. */
export interface WordsOptions {
  /** Accepts one. Default: a word of the kind. */
  readonly word?: z.ZodType<string>
  /** The last word of a kind in it. Default: itself. */
  readonly last?: (text: string) => string
}

/**
 * Accept words of a kind between commas. A comma before `name=` belongs to a word's numbers, one in a path
 * that has no ending yet to the path.
 */
export function pluginWords<P, C>(
  kind: PluginKind<P, C>,
  { word = pluginWord(kind), last = (text) => text }: WordsOptions = {},
): z.ZodType<readonly string[]> {
  const isOpen = (text = ''): boolean => /[\\/]/.test(text) && !moduleForm.test(last(text.trim()))
  return several(word, (text) =>
    text
      .split(/,(?!\s*[\w-]+=)/)
      .reduce<readonly string[]>(
        (words, piece) =>
          isOpen(words.at(-1))
            ? [...words.slice(0, -1), `${words.at(-1)},${piece}`.trim()]
            : [...words, piece.trim()],
        [],
      ),
  )
}

/**
 * Make the plugin that a word stands for. A module is run; of several exports that fit, `#name` after the
 * path says which. Numbers follow as they do a name, `:0.3`.
 * @throws UsageError naming the kind, what was expected and what was found.
 */
export async function chosenPlugin<P, C>(kind: PluginKind<P, C>, word: string, context: C): Promise<P> {
  const { family, given } = await chosenFamily(kind, word, context)
  const plugin = family.make(numbersOf(family, given), context)
  try {
    if (isModulePath(word)) kind.refuse?.(plugin)
  } catch (error) {
    throw new UsageError(`${word}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return plugin
}

/**
 * Find the family that a word stands for, and the numbers that it gives; a plugin by itself is a family of
 * one. Throws as `chosenPlugin`.
 */
export async function chosenFamily<P, C>(
  kind: PluginKind<P, C>,
  word: string,
  context: C,
): Promise<Parsed<P, C>> {
  if (!isModulePath(word)) return named(kind, () => parsed(kind, word))
  const { path, exported, numbers } = named(kind, () => moduleWord(word))
  const { exports: all } = await loadModule(path, kind.name)
  const names = all.map(([name]) => name)
  if (exported !== undefined && names.length > 0 && !names.includes(exported))
    throw new UsageError(
      `${kind.name}: expected one of the exports ${names.join(', ')} of ${path}, ${foundWord(names, exported)}`,
    )
  const values = all.filter(([name]) => exported === undefined || name === exported)
  const found = new Map<unknown, readonly [string, Family<P, C>]>()
  const unmade: (readonly [string, unknown])[] = []
  for (const [name, value] of values) {
    const one = memberOf(value, context, (error) => unmade.push([name, error]))
    if (!kind.isOne(one)) continue
    if (kind.ofRun !== undefined && !isFamily(value))
      throw new UsageError(
        `${kind.name}: expected a family, which is made with the run's ${kind.ofRun}, found '${name}' of ${path} made already; ` +
          'export defineFamily({ name, make: (numbers, context) => … }) of @lotion/core',
      )
    found.set(value, [name, isFamily<P, C>(value) ? value : defineFamily({ name, make: () => one })])
  }
  const [only, ...others] = found.values()
  if (only === undefined) {
    const reasons = unmade.map(
      ([name, error]) =>
        `; '${name}' cannot be made: ${error instanceof Error ? error.message : String(error)}`,
    )
    throw new UsageError(
      `${kind.name}: expected ${/^[aeiou]/.test(kind.name) ? 'an' : 'a'} ${kind.name} or a family of them among the exports of ${path}, ` +
        `found ${names.join(', ') || 'no exports'}${reasons.join('')}`,
      { cause: unmade[0]?.[1] },
    )
  }
  if (others.length > 0) {
    const fitting = [only, ...others].map(([name]) => `${path}#${name}`).join(', ')
    throw new UsageError(`${kind.name}: expected one export that fits, found several; name one of ${fitting}`)
  }
  const [, family] = only
  return named(kind, () => ({ family, given: numbersIn(family, numbers) }))
}

/**
 * A value, or the default member of a family; one that cannot be made may be of another kind, which needs
 * something else, or have a fault: whoever finds nothing that fits says why.
 */
function memberOf<P, C>(value: unknown, context: C, failed: (error: unknown) => void): unknown {
  if (!isFamily<P, C>(value)) return value
  try {
    return value.make(numbersOf(value), context)
  } catch (error) {
    failed(error)
    return undefined
  }
}

/** A word that was read. */
export interface Parsed<P, C> {
  readonly family: Family<P, C>
  readonly given: Readonly<Record<string, number>>
}

/** Tell whether a word is the path of a module: it has a slash or the ending of one. */
export function isModulePath(text: string): boolean {
  return /[\\/]/.test(text) || moduleForm.test(text)
}

/** The sha256 of the module's file that a word names, as it is loaded in this process. */
export async function moduleSha256(word: string): Promise<string> {
  return (await loadModule(moduleWord(word).path)).sha256
}

/**
 * A path up to the last ending of a module, the export, the numbers. Folders and names may hold any of the
 * marks themselves: no export and no number has a slash, and an ending behind a mark is the path's.
 */
const moduleForm = /^(.*\.m?[jt]s)(?:#([^#:,.\\/]+))?(?::([^#:\\/]*))?$/s

/** What a word with the path of a module says. */
export interface ModuleWord {
  readonly path: string
  readonly exported?: string
  /** As they were typed. */
  readonly numbers?: string
}

/** Read a word with the path of a module. @throws RangeError if it is none. */
export function moduleWord(text: string): ModuleWord {
  const found = moduleForm.exec(text)
  if (!found)
    throw new RangeError(
      `expected a module that ends in ${moduleEndings.join(', ')}, then #export or :numbers if any, found '${text}'`,
    )
  const [, path, exported, numbers] = found
  return {
    path: path!,
    ...(exported === undefined ? {} : { exported }),
    ...(numbers === undefined ? {} : { numbers }),
  }
}

function parsed<P, C>({ families, variants }: PluginKind<P, C>, text: string): Parsed<P, C> {
  const [name = '', ...rest] = text.split(':')
  const names = families.map((one) => one.name)
  const known = knownWord(names, name)
  const family = families.find((one) => one.name === known)
  if (!family)
    throw new RangeError(
      `expected one of ${names.join(', ')}, or the path of a module such as ./mine.ts, ${foundWord(names, name)}`,
    )
  if (variants && rest.length > 0) return { family: variantOf(family, variants, rest.join(':')), given: {} }
  return { family, given: numbersIn(family, rest.length === 0 ? undefined : rest.join(':')) }
}

/** The family of a plugin with what a word behind its name chooses. @throws RangeError if that is nothing. */
function variantOf<P, C>(
  family: Family<P, C>,
  { what, names, make }: PluginVariants<P>,
  word: string,
): Family<P, C> {
  const name = knownWord(names, word)
  if (name === undefined)
    throw new RangeError(
      `${family.name}: expected behind it one of the ${what}s ${names.join(', ')}, ${foundWord(names, word)}`,
    )
  return defineFamily<P, C>({
    name: `${family.name}:${name}`,
    make: (numbers, context) => make(family.make(numbers, context), name),
  })
}

function written<P, C>({ family: { name, numbers }, given }: Parsed<P, C>): string {
  const entries = Object.entries(given)
  if (entries.length === 0) return name
  // The first number alone is written without its name, as it is typed most.
  const [first] = Object.keys(numbers)
  if (entries.length === 1 && entries[0]![0] === first) return `${name}:${entries[0]![1]}`
  return `${name}:${entries.map(([key, value]) => `${key}=${value}`).join(',')}`
}

/** Name the kind in an error of a word that no option has checked. */
function named<T>(kind: Pick<PluginKind<unknown>, 'name'>, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw new UsageError(`${kind.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
