// The order of bytes in files and in memory. Comes in: bytes, the width of an element. Goes out: bytes in the
// other order, or where a typed array may begin. Files are little-endian throughout; so are nearly all
// machines.

/** Whether this machine's numbers stand in memory as they stand in files. */
export const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/** Reverse the bytes of each element, in a copy: from a file's order to a big-endian machine's and back. */
function turned(bytes: Uint8Array, width: number): Uint8Array {
  const copy = new Uint8Array(bytes.byteLength)
  copy.set(bytes)
  for (let at = 0; at < copy.length; at += width) copy.subarray(at, at + width).reverse()
  return copy
}

/** Bytes of a file as this machine's typed arrays need them: aligned to the element, in its byte order. */
export function alignedBytes(bytes: Uint8Array, width: number): Uint8Array {
  if (!littleEndian && width > 1) return turned(bytes, width)
  if (bytes.byteOffset % width === 0) return bytes
  const copy = new Uint8Array(bytes.byteLength)
  copy.set(bytes)
  return copy
}

/** The bytes of a typed array in a file's order; shared where the machine has the same. */
export function fileBytes(data: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return littleEndian ? bytes : turned(bytes, data.BYTES_PER_ELEMENT)
}
