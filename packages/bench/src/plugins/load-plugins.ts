// Plugins from a file. Comes in: the path of a module in TypeScript or JavaScript. Goes out: the plugins that it exports.
// Source: tsx for TypeScript, on any Node; the module itself is run, like one that is imported.

import { stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../cli/usage-error.js'
import { pluginOf, type Plugin } from './plugin-kinds.js'

const typescript = ['.ts', '.mts']
const javascript = ['.js', '.mjs']

/** A plugin and the name that it is exported under. */
export type ExportedPlugin = Plugin & { readonly exported: string }

/** Run a module and list the plugins among its exports, each once. @throws if there are none, or the module fails. */
export async function loadPlugins(path: string): Promise<readonly ExportedPlugin[]> {
  const extension = extname(path)
  if (![...typescript, ...javascript].includes(extension)) {
    throw new UsageError(
      `file: expected a module that ends in ${[...typescript, ...javascript].join(', ')}, found '${path}'`,
    )
  }
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile())
    throw new UsageError(`file: expected a file, found ${found ? 'a folder' : 'nothing'} at '${path}'`)
  const values = flatEntries(await exportsOf(path, typescript.includes(extension)))
  const seen = new Set<unknown>()
  const plugins = values.flatMap(([exported, value]) => {
    const plugin = pluginOf(value)
    if (!plugin || seen.has(value)) return []
    seen.add(value)
    return [{ ...plugin, exported }]
  })
  if (plugins.length === 0) {
    const names = values.map(([name, value]) => `${name} (${typeof value})`).join(', ') || 'nothing'
    throw new UsageError(
      `file: expected an export that is a noise, a format, a Fisher estimator or a transformation, found ${names}; ` +
        `of a function that makes one, export what it returns`,
    )
  }
  return plugins
}

/**
 * The exports by name. Where no manifest says `"type": "module"`, a module's exports stand under `default` too, and its
 * own default export there alone. Newer Nodes add `module.exports`, which the file does not say.
 */
function flatEntries(module: object): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(module).filter(([name]) => name !== 'module.exports')
  const inner: unknown = Reflect.get(module, 'default')
  if (typeof inner !== 'object' || inner === null || !('__esModule' in inner)) return entries
  return [...new Map([...Object.entries(inner), ...entries.filter(([name]) => name !== 'default')])]
}

async function exportsOf(path: string, typed: boolean): Promise<object> {
  const url = pathToFileURL(resolve(path)).href
  try {
    const module: unknown = typed ? await importTyped(url) : await import(url)
    return typeof module === 'object' && module !== null ? module : {}
  } catch (error) {
    throw new Error(`cannot load ${path}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** tsx is loaded here and not above: it opens a socket in the folder of temporary files, which no other command needs. */
async function importTyped(url: string): Promise<unknown> {
  const { tsImport } = await import('tsx/esm/api')
  return tsImport(url, import.meta.url)
}
