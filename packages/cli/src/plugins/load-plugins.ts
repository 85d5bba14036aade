// Modules of users. Comes in: the path of a module in TypeScript or JavaScript. Goes out: its exports.
// Source: tsx for TypeScript where it is installed, else Node itself from 22.18 on; the module itself is run,
// like one that is imported.

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import Module, { createRequire, register } from 'node:module'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { optional } from '../kit/optional-package.js'
import { UsageError } from '../kit/usage-error.js'

const typescript = ['.ts', '.mts']
const javascript = ['.js', '.mjs']

/** How the name of a module ends. */
export const moduleEndings: readonly string[] = [...typescript, ...javascript]

/** A module that was run. */
export interface LoadedModule {
  /** Its exports by name. */
  readonly exports: readonly (readonly [string, unknown])[]
  /** Of its file as it was just before, in hexadecimal digits. */
  readonly sha256: string
}

const loaded = new Map<string, Promise<LoadedModule>>()

/**
 * Run a module; once a process, so that what was recorded of it is what goes on running, though its file may
 * change.
 * @throws UsageError that begins with the option if there is no module; an error that names it if it fails.
 */
export function loadModule(path: string, option = 'file'): Promise<LoadedModule> {
  const key = resolve(path)
  const found = loaded.get(key) ?? run(path, option)
  loaded.set(key, found)
  // Another try may find what was missing.
  found.catch(() => loaded.delete(key))
  return found
}

async function run(path: string, option: string): Promise<LoadedModule> {
  const extension = extname(path)
  if (!moduleEndings.includes(extension))
    throw new UsageError(
      `${option}: expected a module that ends in ${moduleEndings.join(', ')}, found '${path}'`,
    )
  const tested = /^(.*)\.(?:test|spec)(\.m?[jt]s)$/.exec(path)
  if (tested)
    throw new UsageError(
      `${option}: expected the module of a plugin, found a test at '${path}': name what it tests, such as '${tested[1]}${tested[2]}'; a test is run by npm test`,
    )
  const found = await stat(path).catch(() => undefined)
  if (!found?.isFile())
    throw new UsageError(`${option}: expected a file, found ${found ? 'a folder' : 'nothing'} at '${path}'`)
  const sha256 = createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
  return { exports: flatEntries(await exportsOf(path, typescript.includes(extension))), sha256 }
}

/**
 * The exports by name. Where no manifest says `"type": "module"`, a module's exports stand under `default`
 * too, and its own default export there alone. Newer Nodes add `module.exports`, which the file does not say.
 */
function flatEntries(module: object): readonly (readonly [string, unknown])[] {
  const entries = Object.entries(module).filter(([name]) => name !== 'module.exports')
  const inner: unknown = Reflect.get(module, 'default')
  if (typeof inner !== 'object' || inner === null || !('__esModule' in inner)) return entries
  return [...new Map([...Object.entries(inner), ...entries.filter(([name]) => name !== 'default')])]
}

async function exportsOf(path: string, typed: boolean): Promise<object> {
  const url = pathToFileURL(resolve(path)).href
  lendOwnPackages()
  try {
    const module: unknown = typed ? await importTyped(url) : await import(url)
    return typeof module === 'object' && module !== null ? module : {}
  } catch (error) {
    if (error instanceof UsageError) throw error
    // Of a package that is not there Node names the files that asked for it too, a line each.
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\nRequire stack:')
    throw new Error(`cannot load ${path}: ${reason!.replaceAll(/\s*\n\s*/g, ' ')}`, { cause: error })
  }
}

/** What tsx is to us. */
interface TypeScriptLoader {
  tsImport(specifier: string, parent: string): Promise<unknown>
}

/**
 * tsx is loaded here and not above: it looks for a socket in the folder of temporary files, which no other
 * command needs.
 */
async function importTyped(url: string): Promise<unknown> {
  const tsx = await optional<TypeScriptLoader>('tsx/esm/api', url)
  if (tsx) return tsx.tsImport(url, import.meta.url)
  if (Reflect.get(process.features, 'typescript')) return import(url)
  throw new UsageError(
    `file: expected tsx, which reads TypeScript on Node ${process.versions.node}, found none: npm install tsx, or take Node 22.18 or newer, or name a module in JavaScript`,
  )
}

let lending = false

/**
 * Where a module's own folder has no `@lotion/…`, lend it those that this command comes with: a file that
 * `lotion new` has just made can be verified before anything is installed. Both ways to load a module:
 * TypeScript without a manifest is CommonJS to tsx.
 */
function lendOwnPackages(): void {
  if (lending) return
  lending = true
  // The cache of tsx would stay in the folder of temporary files. The thread of the hooks copies the
  // environment as it begins.
  process.env['TSX_DISABLE_CACHE'] ??= '1'
  const hooks = `export async function resolve(specifier, context, next) {
    try {
      return await next(specifier, context)
    } catch (error) {
      if (!specifier.startsWith('@lotion/')) throw error
      return next(specifier, { ...context, parentURL: ${JSON.stringify(import.meta.url)} }).catch(() => { throw error })
    }
  }`
  register(`data:text/javascript,${encodeURIComponent(hooks)}`)
  const own = createRequire(import.meta.url)
  // What tsx itself wraps; Node has no other place for this.
  const found: unknown = Reflect.get(Module, '_resolveFilename')
  if (typeof found !== 'function') return
  let asking = false
  Reflect.set(
    Module,
    '_resolveFilename',
    function (this: unknown, request: string, ...rest: unknown[]): unknown {
      try {
        return Reflect.apply(found, this, [request, ...rest])
      } catch (error) {
        if (asking || !request.startsWith('@lotion/')) throw error
        asking = true
        try {
          return own.resolve(request)
        } catch {
          throw error
        } finally {
          asking = false
        }
      }
    },
  )
}
