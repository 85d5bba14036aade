// A project of one's own. Comes in: a folder that is empty or not there, or has what a host of repositories
// puts into a new one. Goes out: the folder with a first training, its test and its page, whole or untouched.
// Source: the starter beside the sources; its name and its versions are replaced.

import { readdir, rename, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { UsageError } from '../kit/usage-error.js'
import { toolVersion } from '../tool-version.js'
import { copyTemplate } from './copy-template.js'
import { madeBeside } from './made-beside.js'

// From source and built alike, the starter lies two folders up.
const starter = new URL('../../starters/project/', import.meta.url)

/** What a new repository may have, in any case: these stay as they are. */
const ofHosts =
  /^(\.git|\.gitattributes|\.gitignore|\.github|\.gitlab-ci\.yml|readme(\.\w+)?|licen[cs]e(\.\w+)?)$/i

/** A name that npm takes: that of the folder, in lower case and with hyphens. */
export function projectName(folder: string): string {
  const words = basename(resolve(folder))
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return words?.join('-') ?? 'my-project'
}

/** What was made. */
export interface NewProject {
  /** The files, sorted. */
  readonly files: readonly string[]
  /** Files that a project would have too, and that were there: they are as they were. */
  readonly kept: readonly string[]
}

/**
 * Make a project; `version` is of our packages.
 * @throws UsageError if the folder is no folder, or has files of one's own.
 */
export async function newProject(folder: string, version = toolVersion()): Promise<NewProject> {
  const target = resolve(folder)
  const found = await entriesOf(target, folder)
  const own = found?.filter((name) => !ofHosts.test(name)) ?? []
  if (own.length > 0)
    throw new UsageError(
      `folder: expected an empty or a new one, found ${folder} with ${own.slice(0, 3).join(', ')} in it; choose another`,
    )
  return madeBeside(target, async (temporary) => {
    const name = projectName(folder)
    const filled = (text: string): string =>
      text.replaceAll('my-project', name).replaceAll('^0.0.0', `^${version}`)
    const kept: string[] = []
    const leaveOut = (path: string): boolean => {
      const file = path.replace(/\.template$/, '').toLowerCase()
      const there = found?.find((one) => one.toLowerCase() === file)
      if (there !== undefined) kept.push(there)
      return there !== undefined
    }
    const files = await copyTemplate({
      template: starter,
      folder: temporary,
      from: 'my-project',
      name,
      filled,
      leaveOut,
    })
    if (found === undefined) await rename(temporary, target)
    else await moveInto(target, temporary)
    return { files, kept }
  })
}

/**
 * Move what is in a folder into another, which is not replaced itself: the shell that called may stand in it.
 * All of it or nothing.
 */
async function moveInto(target: string, temporary: string): Promise<void> {
  const moved: string[] = []
  try {
    for (const entry of (await readdir(temporary)).sort()) {
      await rename(join(temporary, entry), join(target, entry))
      moved.push(entry)
    }
  } catch (error) {
    for (const entry of moved) await rename(join(target, entry), join(temporary, entry))
    throw error
  }
}

/** What is in a folder; undefined if there is none. */
async function entriesOf(target: string, folder: string): Promise<readonly string[] | undefined> {
  const found = await stat(target).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
  if (found === undefined) return undefined
  if (!found.isDirectory())
    throw new UsageError(`folder: expected an empty or a new one, found a file at ${folder}; choose another`)
  return readdir(target)
}
