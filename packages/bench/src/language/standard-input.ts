// Standard input as text, or as bytes until one does not wait any longer. Comes in: bytes. Goes out: text, or
// what is wrong with it.

import { addAbortSignal, type Readable } from 'node:stream'

/** Standard input, as a source of text. */
export const STANDARD_INPUT = '-'

/** Read what comes until a signal ends it, which may be before anything comes. @throws its reason */
export async function* untilStopped(input: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted()
  try {
    for await (const piece of addAbortSignal(signal, input)) yield piece as Uint8Array
  } catch (error) {
    signal.throwIfAborted()
    throw error
  }
}

/** Read all of it, but for a line break at its end. @throws RangeError if it is no UTF-8 or empty. */
export async function standardInput(input: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of input) pieces.push(piece)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces))
  } catch {
    throw new RangeError('standard input: expected text in UTF-8, found other bytes')
  }
  if (text === '') throw new RangeError('standard input: expected a text to go on with, found none')
  return text.replace(/\r?\n$/, '')
}
