// What our reader and writer accept and refuse, and what the `safetensors` package of PyPI does: random
// files, changed headers, holes.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomWords } from '@lotion/core/internal'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { judgedByReference, missing, run } from '../test/python-packages.js'
import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { readSafetensors } from './open-safetensors.js'
import { parseHeader } from './safetensors-header.js'
import { writeSafetensors } from './safetensors.js'

/** Read a header; null where that works, else the complaint. */
function judgedByUs(header: Uint8Array, dataLength: number): string | null {
  try {
    parseHeader(header, dataLength)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

describe.skipIf(missing !== undefined)('safetensors and the package of PyPI, hostile files', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotion-parity-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('whatever our writer accepts is read by both, with its names and metadata', async () => {
    const texts = fc.string({ unit: 'binary' })
    const dtypes = Object.keys(dtypeBits) as Dtype[]
    const tensor = fc
      .record({ dtype: fc.constantFrom(...dtypes), shape: fc.array(fc.nat(4), { maxLength: 4 }) })
      .filter(({ dtype, shape }) => (shape.reduce((a, b) => a * b, dtypeBits[dtype]) / 8) % 1 === 0)
      .map(({ dtype, shape }): RawTensor => {
        const bytes = new Uint8Array(shape.reduce((a, b) => a * b, dtypeBits[dtype]) / 8)
        return { dtype, shape, bytes: dtype === 'BOOL' ? bytes : bytes.fill(7) }
      })
    const path = join(folder, 'made')
    const files: Uint8Array[] = []
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(texts, tensor),
        fc.dictionary(texts, texts),
        async (tensors, metadata) => {
          // Refused, or read: nothing in between.
          const refused = await writeSafetensors(path, tensors, metadata).then(
            () => false,
            (error: unknown) => error instanceof RangeError,
          )
          if (refused) return
          const found = await readSafetensors(path)
          const listed = (record: object): Map<string, unknown> => new Map(Object.entries(record))
          expect(listed(found.metadata)).toEqual(listed(metadata))
          expect(listed(found.tensors)).toEqual(listed(tensors))
          files.push(await readFile(path))
        },
      ),
      { numRuns: 300, seed: 9 },
    )
    expect(files.length).toBeGreaterThan(200)
    expect((await judgedByReference(folder, files)).filter((complaint) => complaint !== null)).toEqual([])
  })

  test('changed headers are accepted by both or by neither, but for what we refuse on purpose', async () => {
    const bases = [
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      '{"__metadata__":{"k":"v"},"a":{"dtype":"U8","shape":[2,2],"data_offsets":[0,4]},"b":{"dtype":"F16","shape":[2],"data_offsets":[4,8]}}',
      '{"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"none":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]}}',
    ]
    const tokens = [
      '2.0',
      '2e0',
      '-0',
      '02',
      '0',
      '1',
      '2',
      '3',
      '8',
      '9007199254740991',
      '9007199254740993',
      '1e400',
      '18446744073709551615',
      '18446744073709551616',
      'null',
      'true',
      '{}',
      '[]',
      '""',
      '"a"',
      '"b"',
      '"v"',
      '"\\ud800"',
      '"\\ud83d\\ude00"',
      '"\\u0061"',
      '"\\u0000"',
      '"\\x"',
      '"__metadata__"',
      '"dtype"',
      '"shape"',
      '"data_offsets"',
      '"F8_E8M0"',
      '"F4"',
      '"F64"',
      '"BOOL"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      ' ',
      '\n',
      '\ufeff',
      '\t',
    ]
    const words = randomWords({ seed: 5, stream: 'headers' }, 24_000)
    let next = 0
    const below = (count: number): number => words[next++ % words.length]! % count
    const files = Array.from({ length: 4000 }, () => {
      const parts = bases[below(bases.length)]!.match(/"[^"]*"|\d+|./g)!
      for (let changes = 1 + below(2); changes > 0; changes--) {
        const [at, how] = [below(parts.length), below(4)]
        if (how === 0) parts.splice(at, 1)
        else if (how === 1) parts.splice(at, 0, tokens[below(tokens.length)]!)
        else parts.splice(at, 1, how === 2 ? tokens[below(tokens.length)]! : parts[below(parts.length)]!)
      }
      const header = Buffer.from(parts.join(''))
      const prefix = Buffer.alloc(8)
      prefix.writeBigUInt64LE(BigInt(header.length))
      return Buffer.concat([prefix, header, Buffer.alloc(8)])
    })
    const theirs = await judgedByReference(folder, files)
    // A key twice, a member that is not the format's, something before '{', numbers that no double holds.
    const onPurpose =
      / twice|Unrecognized key|starting with '\{'|up to 9007199254740991, which every reader|expected fewer elements/
    let both = 0
    for (const [i, file] of files.entries()) {
      const ours = judgedByUs(file.subarray(8, -8), 8)
      const header = file.subarray(8, -8).toString()
      if (ours === null) expect([header, theirs[i]]).toEqual([header, null])
      else if (theirs[i] === null) expect([header, ours]).toEqual([header, expect.stringMatching(onPurpose)])
      if (ours === null) both++
    }
    expect(both).toBeGreaterThan(100)
  })

  test('a file with a hole is refused by both', async () => {
    const path = join(folder, 'bad.safetensors')
    const header = Buffer.from('{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}')
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(header.length))
    await writeFile(path, Buffer.concat([prefix, header, Buffer.alloc(3)]))
    expect(() =>
      run(
        `import sys; from safetensors import deserialize; deserialize(open(sys.argv[1], 'rb').read())`,
        path,
      ),
    ).toThrow(/SafetensorError/)
    await expect(readSafetensors(path)).rejects.toThrow(/hole/)
  })
})
