// Text that a model is judged by. Comes in: sources, or a run whose own validation text it is. Goes out:
// tokens or windows.
// Source: docs/design/18-language.md, what a loss is.

import type { JudgedText, LanguageModel } from '@lotion/language'
import type { Tokens } from '@lotion/text'
import type { TextSource } from '@lotion/text/node'
import type { LanguageData } from './open-language.js'
import { inputAsFile } from './input-as-file.js'
import { removeEmptyFolders } from '../run-files/empty-folders.js'
import { filesPrint } from '../run-files/files-print.js'
import { readRunFile } from '../run-files/run-file.js'
import { language } from '../tasks/language.js'
import { valuesOf } from '../tasks/task.js'
import { text } from '../tasks/text.js'
import { filesOfSources } from './text-files.js'
import { isOwnText, tokenFolder, withField } from './text-sources.js'

/** Text, until it is closed. */
export interface EvalText {
  readonly text: Tokens | JudgedText
  close(): void | Promise<void>
}

/** All of some sources, one after the other, or the first tokens of it. */
export async function textOfSources(
  sources: readonly TextSource[],
  { tokenizer }: Pick<LanguageModel, 'tokenizer'>,
  { most = Infinity, signal }: { readonly most?: number | undefined; readonly signal: AbortSignal },
): Promise<EvalText> {
  const { openText } = await import('@lotion/text/node')
  // As in training: a file of what was piped tells lines of JSON from prose.
  const { own, undo, made: [path, name] = ['', ''] } = await inputAsFile({ data: sources }, signal)
  const forget = async (): Promise<void> => {
    await undo?.()
    await removeEmptyFolders(tokenFolder())
  }
  const opened = await openText({ sources: own.data, tokenizer, cache: tokenFolder(), signal }).catch(
    async (error: unknown) => {
      await forget()
      if (path === '' || !(error instanceof RangeError)) throw error
      throw new RangeError(error.message.replaceAll(path, name), { cause: error })
    },
  )
  const streams = opened.sources.map(({ whole }) => whole.tokens)
  const length = Math.min(
    most,
    streams.reduce((sum, stream) => sum + stream.length, 0),
  )
  const read = (from: number, to: number): Int32Array => {
    const out = new Int32Array(to - from)
    let start = 0
    for (const stream of streams) {
      const [first, end] = [Math.max(from, start), Math.min(to, start + stream.length)]
      if (first < end) out.set(stream.read(first - start, end - start), first - from)
      start += stream.length
    }
    return out
  }
  const close = async (): Promise<void> => {
    opened.close()
    await forget()
  }
  return { text: { length, read }, close }
}

/**
 * The windows that a run judged its weights by: those of its validation text.
 * @throws Error if the run is of another task, or its text is not there any more.
 */
export async function textOfRun(
  folder: string,
  { model, tokenizer }: Pick<LanguageModel, 'model' | 'tokenizer'>,
  warn: (text: string) => void,
): Promise<EvalText> {
  const { comparison, record, workingFolder } = await readRunFile(folder)
  const { word, options } = comparison.task
  if (word !== text.name && word !== language.name)
    throw new Error(
      `${folder}: expected a run of a language model (${text.name}, ${language.name}), found one of ${word}`,
    )
  const own = word === text.name ? valuesOf(text, options) : undefined
  const extents = {
    tokenizer,
    batch: 1,
    context: model.config.context,
    validationWindows: Number(record.config['validationWindows']),
  }
  const { judgedWindows } = await import('@lotion/language/internal')
  const open = async (): Promise<LanguageData> => {
    if (own === undefined || !isOwnText(own.data))
      return (await import('./speech-data.js')).speechData(extents)
    if ((await filesPrint(await filesOfSources(own.data))) !== record.config['dataFiles'])
      warn(`${folder}: its text was changed since the run began: losses are not of the text that the run had`)
    const sources = withField(own.data, own.field)
    const { sourceData } = await import('./source-data.js')
    return sourceData({ sources, cache: tokenFolder(), lossOn: own.lossOn, pack: own.pack, ...extents })
  }
  const data = await within(workingFolder, open).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `${folder}: expected the text that the run held back, found ${why}; give --data <paths>`,
      {
        cause: error,
      },
    )
  })
  return { text: judgedWindows(data.judged, tokenizer), close: data.close }
}

/** Do something where a run began: its paths lead from there, and its tokens are found by them. */
async function within<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const here = process.cwd()
  try {
    process.chdir(folder)
    return await work()
  } finally {
    process.chdir(here)
  }
}
