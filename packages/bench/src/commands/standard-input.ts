// Standard input as text. Comes in: bytes. Goes out: text, or what is wrong with it.

/** Read all of it, but for a line break at its end. @throws RangeError if it is no UTF-8 or empty. */
export async function standardInput(input: AsyncIterable<Uint8Array> = process.stdin): Promise<string> {
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
