// Plugins to be verified. Comes in: a word with the path of a module: `./mine.ts#noise:0.3`. Goes out: the
// plugins among its exports, made with these numbers; or what its exports are instead, and what to do with
// them.

import { numbersOf } from '@lotion/core'
import { hasMembers, isFamily } from '@lotion/core/internal'
import { foundWord } from '../kit/known-word.js'
import { numbersIn } from '../kit/family-numbers.js'
import { moduleWord, type ModuleWord } from '../kit/plugin-words.js'
import { UsageError } from '../kit/usage-error.js'
import { loadModule } from './load-plugins.js'
import { pluginsOf, madeWith, type Plugin } from './plugin-kinds.js'

/** A plugin and the name that it is exported under. */
export type ExportedPlugin = Plugin & { readonly exported: string }

/**
 * Run a module and list the plugins among its exports, each once: of an export that is named that one alone,
 * of families with numbers the member that these make.
 * @param typed how the command is typed, for what it advises
 * @throws UsageError if there are none, the numbers do not fit, or the module fails.
 */
export async function verifiedPlugins(word: string, typed = 'lotion'): Promise<readonly ExportedPlugin[]> {
  const { path, exported: wanted, numbers } = parsed(word)
  const { exports: all } = await loadModule(path)
  const names = all.map(([name]) => name)
  if (wanted !== undefined && !names.includes(wanted))
    throw new UsageError(
      `file: expected one of the exports ${names.join(', ') || '(there are none)'} of ${path}, ${foundWord(names, wanted)}`,
    )
  const values = all.filter(([name]) => wanted === undefined || name === wanted)
  const seen = new Set<unknown>()
  const plugins = values.flatMap(([exported, value]) => {
    if (seen.has(value)) return []
    seen.add(value)
    return pluginsMade(value, numbers).map((plugin) => ({ ...plugin, exported }))
  })
  if (plugins.length > 0) return plugins
  // An empty default is what a module without exports looks like from outside.
  const own = values.filter(([name, value]) => name !== 'default' || Object.keys(Object(value)).length > 0)
  const told = own.find(([, value]) => isTask(value)) ?? own[0]
  throw new UsageError(
    told === undefined
      ? "file: write 'export const …' before a plug-in, found no exports"
      : `file: ${insteadOf(told, path, numbers, typed)}`,
  )
}

/** A path alone is read as it is: the error of a module says what is wrong with it. */
function parsed(word: string): ModuleWord {
  try {
    return moduleWord(word)
  } catch {
    return { path: word }
  }
}

function pluginsMade(value: unknown, numbers: string | undefined): readonly Plugin[] {
  if (numbers === undefined) return pluginsOf(value)
  if (!isFamily<unknown, never>(value)) return []
  try {
    return madeWith(value, numbersOf(value, numbersIn(value, numbers)))
  } catch (error) {
    throw new UsageError(`file: ${error instanceof Error ? error.message : String(error)}`)
  }
}

const KINDS = 'noises, formats, Fishers, transformations, methods and executors'

/** Tell a task by its members: their package may not be installed. */
function isTask(value: unknown): boolean {
  return hasMembers(value, { name: 'string', options: 'object', workload: 'function' })
}

/** What an export is, what to do with it first. */
function insteadOf(
  [name, value]: readonly [string, unknown],
  path: string,
  numbers: string | undefined,
  typed: string,
): string {
  if (isTask(value))
    return `${typed} run ${path} tries '${name}', which is a task; verify holds ${KINDS} to laws, and there are none of tasks`
  if (numbers !== undefined)
    return `leave ':${numbers}' out: '${name}' is no family, whose members have numbers (defineFamily)`
  if (typeof value === 'function')
    return `export what '${name}' returns, found a function; verify holds ${KINDS} to laws`
  const found =
    typeof value === 'object' && value !== null ? 'an object of no such kind' : `a ${typeof value}`
  return `make '${name}' by defineNoise, defineFormat, defineFisher, defineTransformation or defineMethod, found ${found}; verify holds ${KINDS} to laws`
}
