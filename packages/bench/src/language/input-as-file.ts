// Standard input among the sources of a run, as a file in its place. Comes in: options of the task `text`.
// Goes out: the same with a path, and how to remove the file again.
// Source: docs/design/04-bench.md, text of one's own.

import type { TextSource } from '@lotion/text/node'
import type { PreparedOptions } from '../tasks/task.js'
import { keepInput } from './kept-input.js'
import { STANDARD_INPUT, untilStopped } from './standard-input.js'

/** Keep standard input, where it is a source. With a field, or of lines of JSON, it is a file of .jsonl. */
export async function inputAsFile(
  own: { readonly data: readonly TextSource[]; readonly field?: string | undefined },
  signal: AbortSignal,
): Promise<PreparedOptions & { readonly own: { readonly data: readonly TextSource[] } }> {
  const source = own.data.find(({ path }) => path === STANDARD_INPUT)
  if (!source) return { own }
  const isOfFields = (source.field ?? own.field) !== undefined
  const { path, begun, undo } = await keepInput(untilStopped(process.stdin, signal), isOfFields)
  const data = own.data.map((each) => (each.path === STANDARD_INPUT ? { ...each, path } : each))
  return { own: { ...own, data }, begun, undo, made: [path, 'standard input'] }
}
