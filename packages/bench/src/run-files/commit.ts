// The state of the code that a run was begun with. Comes in: a folder. Goes out: what git says of it, for the
// run's first record.
// Source: git's own documentation of rev-parse and status; without its optional locks nothing is written.

import { execFile } from 'node:child_process'
import { isAbsolute, relative } from 'node:path'
import { promisify } from 'node:util'

/** Enough for a large repository on a slow disk: a run should not wait for more. */
const TIMEOUT = 10_000

/** Code as it stood. */
export interface Commit {
  /** In hexadecimal digits. */
  readonly id: string
  /** Whether files that git follows were changed since. */
  readonly changed: boolean
}

/**
 * The commit of a folder; nothing where it is of no repository, or git is not there or does not answer.
 * @param folder Any of the repository.
 * @param except Files whose changes do not count, such as those that a program itself writes.
 */
export async function commitOf(folder: string, except: readonly string[] = []): Promise<Commit | undefined> {
  const git = async (...words: readonly string[]): Promise<string> => {
    const args = ['--no-optional-locks', '-C', folder, ...words]
    const { stdout } = await promisify(execFile)('git', args, { timeout: TIMEOUT, windowsHide: true })
    return stdout.trim()
  }
  const inside = except
    .map((path) => relative(folder, path).replaceAll('\\', '/'))
    .filter((path) => !path.startsWith('..') && !isAbsolute(path))
  const counted = [':(top)', ...inside.map((path) => `:(exclude,literal)${path}`)]
  try {
    const [id, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no', '--', ...counted),
    ])
    return { id, changed: changes !== '' }
  } catch {
    return undefined
  }
}

/** A commit for people. */
export const commitText = ({ id, changed }: Commit): string => (changed ? `${id} with changes since` : id)
