// Files of an export in a folder of Node. Comes in: files, a folder. Goes out: the folder, with the old
// export or with the new one, never with parts of both: shards get names that no file has, and the rename of
// model.json is the change.

import type { LayersFile } from './export-layers.js'

/** What model.json says of who wrote it: tfjs's field for converters. */
export const WRITER = '@lotion/tfjs'

type FileSystem = typeof import('node:fs/promises')

/** Files of Node; undefined elsewhere. */
export function nodeFiles(): FileSystem | undefined {
  const { process } = globalThis as { readonly process?: NodeJS.Process }
  return process?.getBuiltinModule?.('node:fs/promises')
}

interface ModelJson {
  readonly convertedBy?: unknown
  readonly weightsManifest?: readonly { readonly paths?: readonly string[] }[]
}

/**
 * Write an export over what an earlier one left; the shards of that go at the end.
 * @throws Error if there is a model.json that no export wrote, unless it may be replaced.
 */
export async function writeFolder(
  fs: FileSystem,
  folder: string,
  files: readonly LayersFile[],
  overwrite: boolean,
): Promise<void> {
  const path = (name: string): string => `${folder}/${name}`
  await fs.mkdir(folder, { recursive: true })
  const present = await fs.readdir(folder)
  const old = present.includes(MODEL) ? parsed(await fs.readFile(path(MODEL), 'utf8')) : {}
  if (old?.convertedBy !== WRITER && present.includes(MODEL) && !overwrite)
    throw new Error(
      `save: expected a folder without a model of others, found ${MODEL} in '${folder}', which this did not write; ` +
        'choose another folder, or { overwrite: true }',
    )
  const [json, ...shards] = inGroup(files, freeGroup(present))
  const written: string[] = []
  try {
    for (const { name, bytes } of shards) {
      written.push(path(name))
      await fs.writeFile(path(name), bytes, { flag: 'wx' })
    }
    written.push(path(`${MODEL}.part`))
    await fs.writeFile(path(`${MODEL}.part`), json!.bytes)
    await fs.rename(path(`${MODEL}.part`), path(MODEL))
  } catch (error) {
    for (const name of written) await fs.rm(name, { force: true })
    throw error
  }
  if (old?.convertedBy !== WRITER) return
  const replaced = (old.weightsManifest ?? []).flatMap(({ paths = [] }) => paths)
  for (const name of replaced) if (groupName.test(name)) await fs.rm(path(name), { force: true })
}

const MODEL = 'model.json'
const groupName = /^group(\d+)-shard\d+of\d+\.bin$/

function parsed(text: string): ModelJson | undefined {
  try {
    return (JSON.parse(text) ?? undefined) as ModelJson | undefined
  } catch {
    return undefined
  }
}

/** The first number of which no shard is there, whoever left it. */
function freeGroup(present: readonly string[]): number {
  const taken = new Set(present.map((name) => Number(groupName.exec(name)?.[1])))
  let group = 1
  while (taken.has(group)) group++
  return group
}

/** The files with shards called by another group, in model.json too. */
function inGroup([json, ...shards]: readonly LayersFile[], group: number): readonly LayersFile[] {
  const named = shards.map(({ name, bytes }) => ({ name: name.replace(/^group\d+/, `group${group}`), bytes }))
  const model = JSON.parse(new TextDecoder().decode(json!.bytes)) as {
    weightsManifest: readonly { readonly paths: readonly string[] }[]
  }
  const [manifest] = model.weightsManifest
  model.weightsManifest = [{ ...manifest, paths: named.map(({ name }) => name) }]
  return [{ name: MODEL, bytes: new TextEncoder().encode(`${JSON.stringify(model)}\n`) }, ...named]
}
