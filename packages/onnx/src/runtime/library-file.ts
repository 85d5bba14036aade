// Shared libraries judged before they are loaded: the system maps a file that is cut short, and the process
// crashes without a message when it reads the missing part. Comes in: a path. Goes out: nothing, or an error
// that says what to do.
// Source: System V ABI (ELF-64 headers), Mach-O file format (LC_SEGMENT_64), Microsoft PE format (section
// table).

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Read little-endian numbers at places of a file. */
interface Reader {
  u16(at: number): number
  u32(at: number): number
  u64(at: number): number
}

/**
 * Check that a library file holds all that its headers name.
 * @throws Error naming the file if it is cut short, or no library of 64 bits.
 */
export function checkLibraryFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const needed = endOf(readerOf(file, size))
    if (needed === undefined) throw damaged(path, `it is no shared library (${size} bytes)`)
    if (needed > size) throw damaged(path, `its headers name ${needed} bytes, it has ${size}`)
  } finally {
    closeSync(file)
  }
}

const damaged = (path: string, reason: string): Error =>
  new Error(`${path} is damaged: ${reason}; remove node_modules and install again`)

/** Bytes beyond the end read as the largest numbers: what they place lies beyond the end, too. */
function readerOf(file: number, size: number): Reader {
  const viewOf = (at: number, bytes: number): DataView => {
    const view = new DataView(new ArrayBuffer(bytes))
    new Uint8Array(view.buffer).fill(0xff)
    if (at + bytes <= size) readSync(file, view, 0, bytes, at)
    return view
  }
  return {
    u16: (at) => viewOf(at, 2).getUint16(0, true),
    u32: (at) => viewOf(at, 4).getUint32(0, true),
    u64: (at) => Number(viewOf(at, 8).getBigUint64(0, true)),
  }
}

/** First byte that no header names; `undefined` if the file is of no known kind. */
function endOf(read: Reader): number | undefined {
  const magic = read.u32(0)
  if (magic === 0x46_4c_45_7f) return endOfElf(read)
  if (magic === 0xfe_ed_fa_cf) return endOfMachO(read)
  if ((magic & 0xff_ff) === 0x5a_4d) return endOfPe(read)
  return undefined
}

function endOfElf({ u16, u64 }: Reader): number {
  const sections = u64(40) + u16(58) * u16(60)
  return furthest(u64(32), u16(54), u16(56), (at) => u64(at + 8) + u64(at + 32), sections)
}

function endOfMachO({ u32, u64 }: Reader): number {
  const segment = 0x19
  const header = 32
  let end = header + u32(20)
  for (let left = u32(16), at = header; left > 0 && at < header + u32(20); left--) {
    if (u32(at) === segment) end = Math.max(end, u64(at + 40) + u64(at + 48))
    at += Math.max(8, u32(at + 4))
  }
  return end
}

function endOfPe({ u16, u32 }: Reader): number {
  const signature = u32(60)
  const sections = signature + 24 + u16(signature + 20)
  return furthest(sections, 40, u16(signature + 6), (at) => u32(at + 16) + u32(at + 20), sections)
}

/** Largest end of a table of equal entries and of what they place. */
function furthest(
  table: number,
  bytes: number,
  count: number,
  endAt: (at: number) => number,
  least: number,
): number {
  let end = Math.max(least, table + bytes * count)
  for (let i = 0; i < count; i++) end = Math.max(end, endAt(table + bytes * i))
  return end
}
