// The header of a file that is to be written, held to what the reader asks for. Comes in: tensors in the
// file's order, metadata. Goes out: the header's bytes and the length of the data. Source: the safetensors
// format, padded to 8 bytes with spaces.

import {
  dictionary,
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  METADATA,
  parseHeader,
  sizeInBytes,
  type TensorInfo,
} from './safetensors-header.js'
import { dtypeBits } from './dtype.js'
import { cutText } from './json-cursor.js'
import { shownName } from './shown.js'

/** A header and what has to stand behind it. */
export interface HeaderBytes {
  readonly bytes: Uint8Array
  /** Bytes of all tensors together. */
  readonly dataLength: number
}

/** What the header is padded with. */
const SPACE = 0x20

const loneSurrogate = /\p{Surrogate}/u

/** @throws RangeError unless the text has a UTF-8. */
function refuseLoneSurrogates(what: string, text: string): void {
  if (loneSurrogate.test(text)) {
    throw new RangeError(
      `${what}: expected Unicode text, found half of a surrogate pair at position ${text.search(loneSurrogate)}`,
    )
  }
}

function checkMetadata(metadata: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw new RangeError(
        `metadata ${shownName(key)}: expected text, found ${value === null ? 'null' : `a ${typeof value}`}; write it as text, e.g. String(value) or JSON.stringify(value)`,
      )
    }
    refuseLoneSurrogates(`metadata ${shownName(key)}`, key)
    refuseLoneSurrogates(`metadata ${shownName(key)}`, value)
  }
}

/**
 * Encode a header; the same tensors and metadata give the same bytes.
 * @throws RangeError if the reader would refuse the file: a reserved name, text without UTF-8, metadata that
 * is no text, an unknown type, extents that are not whole, too large a size, too long a header.
 */
export function headerBytes(
  tensors: readonly (readonly [string, TensorInfo])[],
  metadata: Readonly<Record<string, string>>,
): HeaderBytes {
  checkMetadata(metadata)
  const header = dictionary<unknown>()
  const keys = Object.keys(metadata).sort((a, b) => (a < b ? -1 : 1))
  if (keys.length > 0) header[METADATA] = dictionary(keys.map((key) => [key, metadata[key]] as const))
  let at = 0
  for (const [name, { dtype, shape }] of tensors) {
    if (name === METADATA)
      throw new RangeError(`tensor ${shownName(name)}: expected another name, this one is reserved`)
    refuseLoneSurrogates(`tensor ${shownName(name)}`, name)
    if (!Object.hasOwn(dtypeBits, dtype)) {
      throw new RangeError(
        `tensor ${shownName(name)}: dtype: expected one of ${Object.keys(dtypeBits).join(', ')}, found ${cutText(dtype)}`,
      )
    }
    const end = at + sizeInBytes(name, shape, dtype)
    if (!Number.isSafeInteger(end))
      throw new RangeError(`tensor ${shownName(name)}: expected fewer bytes in one file, found ${end}`)
    header[name] = { dtype, shape, data_offsets: [at, end] }
    at = end
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = 8 * Math.ceil(json.length / 8)
  if (length > MAX_HEADER_BYTES) {
    throw new RangeError(
      `header: expected at most ${MAX_HEADER_BYTES} bytes of names, shapes and metadata, found ${length}`,
    )
  }
  const bytes = new Uint8Array(LENGTH_BYTES + length).fill(SPACE)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(json, LENGTH_BYTES)
  // Whatever the checks above forget: what the reader refuses is never written.
  try {
    parseHeader(bytes.subarray(LENGTH_BYTES), at)
  } catch (error) {
    throw new RangeError(error instanceof Error ? error.message : String(error), { cause: error })
  }
  return { bytes, dataLength: at }
}
