// A folder for a plugin of one's own. Comes in: a kind, a name, a place. Goes out: a folder, there whole or
// not at all.
// Source: the templates beside the sources; names in them are replaced.

import { access, rename } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { toolVersion } from '../tool-version.js'
import { copyTemplate } from './copy-template.js'
import { madeBeside } from './made-beside.js'
import { templateOf } from './template-kinds.js'

/** What to make, and where. */
export interface NewPluginOptions {
  /** One of `templateKinds`. */
  readonly kind: string
  /** Lower-case words with hyphens between: `my-noise`, exported as `myNoise`. */
  readonly name: string
  readonly folder: string
  /** Whether the folder is in the workspace of LOTION itself: its packages are linked, not downloaded. */
  readonly workspace: boolean
}

/** Copy the template of a kind under a name. @throws if the folder exists. Returns the files, sorted. */
export async function newPlugin({
  kind,
  name,
  folder,
  workspace,
}: NewPluginOptions): Promise<readonly string[]> {
  const target = resolve(folder)
  if (await exists(target))
    throw new Error(`folder: expected a new one, found ${folder} already there; choose another`)
  const template = templateOf(kind)
  const range = workspace ? 'workspace:^' : `^${toolVersion()}`
  return madeBeside(target, async (temporary) => {
    const outside = !(await inClone(target))
    const made = await copyTemplate({
      template,
      folder: temporary,
      from: `my-${kind}`,
      name,
      filled: (text) => filled(text, kind, name, range),
      // Outside the workspace, packages are found as they were published.
      leaveOut: (path) => path === 'vitest.config.ts' && outside,
    })
    await rename(temporary, target)
    return made
  })
}

/** Tell whether a folder lies in a clone of LOTION, where the sources of its packages are found. */
async function inClone(folder: string): Promise<boolean> {
  const parent = dirname(folder)
  return parent !== folder && ((await isClone(parent)) || inClone(parent))
}

/** Tell whether a folder would be a member of the workspace of LOTION: `examples/my-noise` in it. */
export async function inWorkspace(folder: string): Promise<boolean> {
  const parent = dirname(resolve(folder))
  return ['examples', 'packages'].includes(basename(parent)) && isClone(dirname(parent))
}

async function isClone(folder: string): Promise<boolean> {
  return (
    (await exists(join(folder, 'pnpm-workspace.yaml'))) &&
    (await exists(join(folder, 'packages/conformance/package.json')))
  )
}

/** Write a name of words with hyphens as a name of code: `my-noise` is `myNoise`. */
export function camelCase(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}

function filled(text: string, kind: string, name: string, range: string): string {
  return text
    .replaceAll(`my-${kind}`, name)
    .replaceAll(camelCase(`my-${kind}`), camelCase(name))
    .replaceAll('^0.0.0', range)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
