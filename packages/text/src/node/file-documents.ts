// Documents of a file as ids. Comes in: bytes and a tokenizer. Goes out: documents, each in pieces of ids
// with which of them count. A line of .jsonl is a document, any other file is one.

import { createReadStream } from 'node:fs'
import type { ChatMessage, ChatTokens, Tokenizer } from '../tokenizer.js'
import { unreadable } from './source-files.js'
import { strictText } from './strict-text.js'

/** A part of a document. */
export interface DocumentPiece {
  readonly ids: Int32Array
  /** For each id whether it is to be learnt; all where absent. */
  readonly counts?: Uint8Array
  /** Whether the document ends with it. */
  readonly last: boolean
  /** Of messages of which it cannot be told what the assistant wrote: why, and where. */
  readonly unmarked?: string
}

/** What is read and how. */
export interface FileReading {
  readonly path: string
  readonly bytes: AsyncIterable<Uint8Array>
  readonly tokenizer: Tokenizer
  /** The field of a line of .jsonl. Default `text`, or `messages` where a line has these alone. */
  readonly field?: string | undefined
}

/** Read a file in pieces, noting each. @throws Error naming a file that cannot be read. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 2 ** 16 })) yield piece as Uint8Array
  } catch (error) {
    throw unreadable(path, error)
  }
}

/** Tokenize the documents of a file. */
export async function* fileDocuments(reading: FileReading): AsyncGenerator<DocumentPiece> {
  const { path, bytes, tokenizer } = reading
  const text = strictText(bytes, path)
  if (path.endsWith('.jsonl')) yield* lineDocuments(text, reading)
  else yield* ended(text, tokenizer)
}

const one = (id: number | undefined): Int32Array => (id === undefined ? new Int32Array(0) : Int32Array.of(id))

/** Ids of one document with its ends: without an id for the end of documents, that is a line break. */
async function* ended(
  pieces: AsyncIterable<string> | Iterable<string>,
  tokenizer: Tokenizer,
): AsyncGenerator<DocumentPiece> {
  let last = ''
  for await (const piece of pieces) {
    if (last === '') yield { ids: one(tokenizer.bos), last: false }
    yield { ids: tokenizer.encode(piece), last: false }
    last = piece
  }
  if (last === '') return
  const end =
    tokenizer.eos !== undefined
      ? one(tokenizer.eos)
      : last.endsWith('\n')
        ? one(undefined)
        : tokenizer.encode('\n')
  yield { ids: end, last: true }
}

async function* lineDocuments(
  text: AsyncIterable<string>,
  { path, tokenizer, field }: FileReading,
): AsyncGenerator<DocumentPiece> {
  let number = 0
  for await (const line of linesOf(text)) {
    number++
    if (line.trim() === '') continue
    const where = `${path}: line ${number}`
    const row = parsedLine(line, where)
    const name = field ?? ('messages' in row && !('text' in row) ? 'messages' : 'text')
    const value = row[name]
    if (Array.isArray(value)) {
      yield chatDocument(value as readonly ChatMessage[], tokenizer, `${where}: field '${name}'`)
      continue
    }
    if (typeof value !== 'string')
      throw new RangeError(
        `${where}: field '${name}': expected text, found ${value === undefined ? 'nothing' : JSON.stringify(value)}; its fields are ${Object.keys(row).join(', ') || 'none'}`,
      )
    yield* ended(value === '' ? [] : [value], tokenizer)
  }
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  if (rest !== '') yield rest
}

function parsedLine(line: string, where: string): Readonly<Record<string, unknown>> {
  let row: unknown
  try {
    row = JSON.parse(line)
  } catch (error) {
    throw new RangeError(
      `${where}: expected JSON: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new RangeError(`${where}: expected an object, found ${line.slice(0, 40)}`)
  return row as Readonly<Record<string, unknown>>
}

function chatDocument(messages: readonly ChatMessage[], tokenizer: Tokenizer, where: string): DocumentPiece {
  if (!tokenizer.chatTokens)
    throw new RangeError(
      `${where}: expected a tokenizer with a chat template, by which messages are written, found one without; take that of a checkpoint (--model <folder>), or of a tokenizer.json with its tokenizer_config.json beside it (--tokenizer <path>), or name a field of text (<path>:field=<name>)`,
    )
  const told = (error: unknown): string =>
    `${where}: ${error instanceof Error ? error.message : String(error)}`
  let chat: ChatTokens
  try {
    chat = tokenizer.chatTokens(messages)
  } catch (error) {
    throw new RangeError(told(error), { cause: error })
  }
  const { ids } = chat
  try {
    return { ids, counts: chat.assistant, last: true }
  } catch (error) {
    // Its text is as good as any other: only who learns the assistant's tokens alone has no use for it.
    return { ids, unmarked: told(error), last: true }
  }
}
