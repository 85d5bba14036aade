// The files of sources. Comes in: sources. Goes out: paths, or what a source cannot have.

import type { TextSource } from '@lotion/text/node'
import { wordsOfSources } from './text-sources.js'

/**
 * Find the files of all sources, in their order.
 * @param sources None of them standard input, which is a file before this.
 * @param field What `--field` says; lines that have fields must be among the files then.
 * @throws RangeError naming a source without files, or one whose files have no fields.
 */
export async function filesOfSources(
  sources: readonly TextSource[],
  field?: string,
): Promise<readonly string[]> {
  const { sourceFiles } = await import('@lotion/text/node')
  const files: string[] = []
  for (const source of sources) {
    const found = (await sourceFiles(source.path)).map(({ path }) => path)
    files.push(...found)
    if (source.field !== undefined && !found.some(isOfLines))
      throw new RangeError(
        `data: ${source.path}: field ${source.field}: expected .jsonl, whose lines have fields, found none; leave it out`,
      )
  }
  if (field !== undefined && !files.some(isOfLines))
    throw new RangeError(
      `field: expected --data with .jsonl, whose lines have fields, found none in ${wordsOfSources(sources)}; leave it out`,
    )
  return files
}

const isOfLines = (path: string): boolean => path.endsWith('.jsonl')
