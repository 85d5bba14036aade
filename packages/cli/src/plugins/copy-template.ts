// Files of a template under other names. Comes in: a template's folder, a folder, what is replaced. Goes
// out: the folder's files. Source: the templates beside the sources.

import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What is copied, and how. */
export interface TemplateCopy {
  readonly template: URL
  /** A folder that is there. */
  readonly folder: string
  /** The template's own name, in paths: `my-noise`. */
  readonly from: string
  readonly name: string
  /** Fill a file's text. */
  readonly filled: (text: string) => string
  /** Leave a path of the template out. */
  readonly leaveOut?: (path: string) => boolean
}

/** Copy a template into a folder. Returns the files, sorted. */
export async function copyTemplate({
  template,
  folder,
  from: own,
  name,
  filled,
  leaveOut = () => false,
}: TemplateCopy): Promise<readonly string[]> {
  const made: string[] = []
  for (const path of (await readdir(template, { recursive: true })).sort()) {
    const from = new URL(path.replaceAll('\\', '/'), template)
    if (!(await stat(from)).isFile() || leaveOut(path)) continue
    // A manifest or a test inside a published package would be taken for the package's own: they carry a
    // suffix there.
    const to = path.replaceAll(own, name).replace(/\.template$/, '')
    await mkdir(dirname(join(folder, to)), { recursive: true })
    await writeFile(join(folder, to), filled(await readFile(from, 'utf8')))
    made.push(to)
  }
  return made
}
