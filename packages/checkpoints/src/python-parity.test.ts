// Our files read by the `safetensors` package of PyPI, and its files read by us, bit for bit.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals } from '@lotion/core'
import { randomWords } from '@lotion/core/internal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missing, run } from '../test/python-packages.js'
import { dtypeBits, type Dtype, type RawTensor } from './dtype.js'
import { readSafetensors } from './open-safetensors.js'
import { writeSafetensors } from './safetensors.js'
import { toFloat32 } from './to-float32.js'

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
  // All 53 bits of the mantissa, and the exponents of f32 with those that become 0: what is beyond, NumPy
  // makes infinite and we refuse.
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
})
