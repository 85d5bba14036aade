// A project of one's own. Comes in: a folder that is empty or not there. Goes out: the folder with a first
// training, its test and its page.
// Source: the starter beside the sources; its name and its versions are replaced.

import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { removeAbandoned, temporaryBeside } from '@lotion/checkpoints/internal'
import { toolVersion } from '../tool-version.js'
import { copyTemplate } from './copy-template.js'

// From source and built alike, the starter lies two folders up.
const starter = new URL('../../starters/project/', import.meta.url)

/** A name that npm takes: that of the folder, in lower case and with hyphens. */
export function projectName(folder: string): string {
  const words = basename(resolve(folder))
    .toLowerCase()
    .match(/[a-z0-9]+/g)
  return words?.join('-') ?? 'my-project'
}

/**
 * Make a project; `version` is of our packages. @throws if the folder is there and not empty. Returns the
 * files, sorted.
 */
export async function newProject(folder: string, version = toolVersion()): Promise<readonly string[]> {
  const target = resolve(folder)
  const found = await filesOf(target)
  if (found.length > 0)
    throw new Error(
      `folder: expected an empty or a new one, found ${folder} with ${found.slice(0, 3).join(', ')} in it; choose another`,
    )
  await mkdir(target, { recursive: true })
  await removeAbandoned(dirname(target))
  const temporary = temporaryBeside(target)
  try {
    await mkdir(temporary)
    const name = projectName(folder)
    const filled = (text: string): string =>
      text.replaceAll('my-project', name).replaceAll('^0.0.0', `^${version}`)
    const made = await copyTemplate({
      template: starter,
      folder: temporary,
      from: 'my-project',
      name,
      filled,
    })
    // Not the folder itself: the shell that called may stand in it.
    for (const entry of await readdir(temporary)) await rename(join(temporary, entry), join(target, entry))
    return made
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

async function filesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
