// Packages that may be installed. Comes in: a loader and a name. Goes out: the module, or nothing if it is
// not installed. A package that is installed and breaks is an error: the reason belongs in the report.

/**
 * Loads a package by name.
 * @param name As an `import` has it.
 */
export type Importer = (name: string) => Promise<unknown>

/** Load a package's module; undefined if it is not installed. */
export async function loaded(importer: Importer, name: string): Promise<unknown> {
  try {
    return (await importer(name)) ?? {}
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown }
    const absent =
      code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || /bare specifier/.test(String(message))
    if (absent && String(message).includes(name)) return undefined
    throw error
  }
}

/**
 * Load a package as the program would: from the working directory in Node, where a package manager may hide
 * it from this package, else by its bare name.
 */
export const importInstalled: Importer = async (name) => {
  const { process } = globalThis as { readonly process?: NodeJS.Process }
  const node = process?.getBuiltinModule?.('node:module')
  if (!process || !node) return import(/* webpackIgnore: true */ /* @vite-ignore */ name)
  const { pathToFileURL } = process.getBuiltinModule('node:url')
  const require = node.createRequire(pathToFileURL(`${process.cwd()}/package.json`))
  let path: string | undefined
  try {
    path = require.resolve(name)
  } catch {
    // Not there: perhaps beside this package.
  }
  return import(
    /* webpackIgnore: true */ /* @vite-ignore */ path === undefined ? name : pathToFileURL(path).href
  )
}
