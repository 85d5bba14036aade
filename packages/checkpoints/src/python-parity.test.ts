// Our files read by the `safetensors` package of PyPI, and its files read by us, bit for bit.
// The package is installed once into a virtual environment under node_modules/.cache; without Python the tests are
// skipped with a warning that says why.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { normals, randomWords } from '@lotion/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { readSafetensors } from './open-safetensors.js'
import { parseHeader } from './safetensors-header.js'
import { writeSafetensors } from './safetensors.js'
import { toFloat32 } from './to-float32.js'

const PACKAGES = ['safetensors==0.8.0', 'numpy>=1.26', 'ml_dtypes>=0.5']
const cache = fileURLToPath(new URL('../node_modules/.cache/python-safetensors-0.8.0', import.meta.url))
const python = join(cache, 'bin', 'python')
const installed = join(cache, 'installed')

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

function execute(command: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 240_000 })
  return { ok: status === 0, text: error ? error.message : status === 0 ? stdout : stderr.trim() }
}

/** Make the environment; answer why it cannot be made, or nothing. */
async function prepare(): Promise<string | undefined> {
  if (existsSync(installed)) return undefined
  await rm(cache, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  const venv = execute('python3', ['-m', 'venv', cache])
  if (!venv.ok) return `python3 -m venv failed: ${venv.text}`
  const pip = execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
  if (!pip.ok) return `pip install ${PACKAGES.join(' ')} failed: ${pip.text.slice(-500)}`
  await writeFile(installed, '')
  return undefined
}

const missing = process.platform === 'win32' ? 'not on Windows' : await prepare()
if (missing !== undefined)
  console.warn(`SKIPPED: parity with the safetensors package of PyPI. Reason: ${missing}`)

/** Run Python with the arguments in sys.argv[1:]; its last expression is printed as JSON by the script itself. */
function run(script: string, ...args: string[]): string {
  const { ok, text } = execute(python, ['-c', script, ...args])
  if (!ok) throw new Error(text)
  return text
}

// The types the reference implementation writes from raw bytes, by its names, and how NumPy decodes them.
const numpyTypes: readonly (readonly [Dtype, string, string])[] = [
  ['F64', 'float64', 'np.float64'],
  ['F32', 'float32', 'np.float32'],
  ['F16', 'float16', 'np.float16'],
  ['BF16', 'bfloat16', 'ml_dtypes.bfloat16'],
  ['F8_E4M3', 'float8_e4m3fn', 'ml_dtypes.float8_e4m3fn'],
  ['F8_E5M2', 'float8_e5m2', 'ml_dtypes.float8_e5m2'],
  ['I64', 'int64', 'np.int64'],
  ['U64', 'uint64', 'np.uint64'],
  ['I32', 'int32', 'np.int32'],
  ['U32', 'uint32', 'np.uint32'],
  ['I16', 'int16', 'np.int16'],
  ['U16', 'uint16', 'np.uint16'],
  ['I8', 'int8', 'np.int8'],
  ['U8', 'uint8', 'np.uint8'],
  ['BOOL', 'bool', 'np.bool_'],
]

const COUNT = 65_536

/** Every 16-bit pattern for the narrow types, random words for the wide ones; 0 and 1 for BOOL. */
function bytesFor(dtype: Dtype): Uint8Array {
  const size = (COUNT * dtypeBits[dtype]) / 8
  if (dtype === 'BOOL') return new Uint8Array(size).map((_, i) => i & 1)
  if (dtypeBits[dtype] <= 16) {
    const codes = Uint16Array.from({ length: COUNT }, (_, i) => i)
    return dtypeBits[dtype] === 16 ? new Uint8Array(codes.buffer) : Uint8Array.from(codes)
  }
  const words = randomWords({ seed: 4, stream: dtype }, size / 4).slice()
  if (dtype !== 'F64') return new Uint8Array(words.buffer)
  // All 53 bits of the mantissa, and the exponents of f32 with those that become 0: what is beyond, NumPy makes infinite and we refuse.
  return new Uint8Array(
    Float64Array.from({ length: COUNT }, (_, i) => {
      const [high, low] = [words[2 * i]!, words[2 * i + 1]!]
      return (high * 2 ** -31 - 1 + low * 2 ** -63) * 2 ** ((i % 280) - 152)
    }).buffer,
  )
}

describe.skipIf(missing !== undefined)('safetensors and the package of PyPI', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lotion-parity-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const raw: Record<string, RawTensor> = Object.fromEntries(
    numpyTypes.map(([dtype]) => [dtype, { dtype, shape: [256, 256], bytes: bytesFor(dtype) }]),
  )

  test('ours → theirs: every type, shape, byte and the metadata', async () => {
    const path = join(folder, 'ours.safetensors')
    const weights = { data: normals({ seed: 1, stream: 'w' }, 24), shape: [2, 3, 4] }
    const scalar = { data: Float32Array.of(-0), shape: [] }
    const none = { data: new Float32Array(0), shape: [0, 5] }
    await writeSafetensors(
      path,
      { ...raw, weights, scalar, none, 'näme "x"': scalar },
      { seed: '3', ünï: '"\\' },
    )
    const listing: unknown = JSON.parse(
      run(
        `
import json, sys, hashlib
from safetensors import deserialize, safe_open
data = open(sys.argv[1], 'rb').read()
with safe_open(sys.argv[1], 'numpy') as f: metadata = f.metadata()
tensors = {n: [t['dtype'], list(t['shape']), hashlib.sha256(bytes(t['data'])).hexdigest()] for n, t in deserialize(data)}
print(json.dumps({'metadata': metadata, 'tensors': tensors}))`,
        path,
      ),
    )
    const hash = async (bytes: Uint8Array) =>
      Buffer.from(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes))).toString('hex')
    const zero = await hash(new Uint8Array(scalar.data.buffer))
    expect(listing).toEqual({
      metadata: { seed: '3', ünï: '"\\' },
      tensors: {
        ...Object.fromEntries(
          await Promise.all(
            Object.entries(raw).map(async ([name, { bytes }]) => [
              name,
              [name, [256, 256], await hash(bytes)],
            ]),
          ),
        ),
        weights: ['F32', [2, 3, 4], await hash(new Uint8Array(weights.data.buffer))],
        scalar: ['F32', [], zero],
        'näme "x"': ['F32', [], zero],
        none: ['F32', [0, 5], await hash(new Uint8Array(0))],
      },
    })
  })

  test('theirs → ours: every byte, and every value as NumPy reads it', async () => {
    const path = join(folder, 'theirs.safetensors')
    for (const [name, { bytes }] of Object.entries(raw)) await writeFile(join(folder, name), bytes)
    run(
      `
import sys, json, numpy as np, ml_dtypes
from safetensors import TensorSpec, serialize_file
folder, types = sys.argv[1], json.loads(sys.argv[2])
tensors, kept = {}, []
for name, dtype, how in types:
    data = open(f'{folder}/{name}', 'rb').read()
    kept.append(np.frombuffer(data, dtype=np.uint8))
    tensors[name] = TensorSpec(dtype=dtype, shape=[256, 256], data_ptr=kept[-1].ctypes.data, data_len=len(data))
    np.frombuffer(data, dtype=eval(how)).astype(np.float32).tofile(f'{folder}/{name}.f32')
serialize_file(tensors, f'{folder}/theirs.safetensors', {'made by': 'reference'})`,
      folder,
      JSON.stringify(numpyTypes),
    )
    const { metadata, tensors } = await readSafetensors(path)
    expect(metadata).toEqual({ 'made by': 'reference' })
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(raw).sort())
    for (const [name, { dtype, bytes }] of Object.entries(raw)) {
      const tensor = tensors[name]!
      expect(tensor).toMatchObject({ dtype, shape: [256, 256] })
      expect(Buffer.from(tensor.bytes).equals(bytes), `bytes of ${name}`).toBe(true)
      const file = await readFile(join(folder, `${name}.f32`))
      const expected = new Float32Array(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength))
      // Object.is tells −0 from 0 and takes any NaN for NaN.
      const found = toFloat32(tensor)
      const differing = found.findIndex((value, i) => !Object.is(value, expected[i]))
      expect(differing < 0 ? 'equal' : [differing, found[differing], expected[differing]], name).toBe('equal')
    }
  })

  test('every code of the types that their writer lacks, as ml_dtypes reads it', () => {
    const types = [
      ['F8_E8M0', 'float8_e8m0fnu'],
      ['F8_E4M3FNUZ', 'float8_e4m3fnuz'],
      ['F8_E5M2FNUZ', 'float8_e5m2fnuz'],
    ] as const
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i)
    for (const [dtype, theirs] of types) {
      const text = run(
        `
import json, sys, numpy as np, ml_dtypes
codes = np.arange(256, dtype=np.uint8).view(getattr(ml_dtypes, sys.argv[1]))
print(json.dumps([repr(float(v)) for v in codes.astype(np.float64)]))`,
        theirs,
      )
      const expected = (JSON.parse(text) as string[]).map((value) => (value === 'nan' ? NaN : Number(value)))
      expect([...toFloat32({ dtype, shape: [256], bytes })], dtype).toEqual(expected)
    }
  })

  /** Let the reference read files, given one after the other with their lengths; null where it reads one, else its complaint. */
  async function judgedByReference(files: readonly Uint8Array[]): Promise<readonly (string | null)[]> {
    const path = join(folder, 'many')
    await writeFile(
      path,
      Buffer.concat(
        files.flatMap((file) => {
          const length = Buffer.alloc(4)
          length.writeUInt32LE(file.length)
          return [length, file]
        }),
      ),
    )
    const text = run(
      `
import json, struct, sys
from safetensors import deserialize
data, at, found = open(sys.argv[1], 'rb').read(), 0, []
while at < len(data):
    (n,) = struct.unpack_from('<I', data, at)
    at += 4 + n
    try:
        deserialize(data[at - n:at])
        found.append(None)
    except BaseException as error:
        found.append(str(error))
print(json.dumps(found))`,
      path,
    )
    return JSON.parse(text) as (string | null)[]
  }

  /** Read a header; null where that works, else the complaint. */
  function judgedByUs(header: Uint8Array, dataLength: number): string | null {
    try {
      parseHeader(header, dataLength)
      return null
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

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
    expect((await judgedByReference(files)).filter((complaint) => complaint !== null)).toEqual([])
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
    const theirs = await judgedByReference(files)
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
