import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals } from '@lotion/core'
import { defineFormat, e8m0Floor, int4, intGrid, mxfp4, nvfp4, withScale } from '@lotion/formats'
import { gaussian, nearest, randomizedRounding } from '@lotion/noise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readSafetensors, toFloat32, writeSafetensors } from '../index.js'
import { castFile } from './cast-file.js'
import { CastOptionError } from './check-cast-options.js'

let folder: string
const at = (name: string): string => join(folder, name)
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-options-'))
  const weight = { data: normals({ seed: 1, stream: 'w' }, 256), shape: [4, 64] }
  await writeSafetensors(at('in.safetensors'), { 'a.weight': weight })
  await castFile({ from: at('in.safetensors'), to: at('shards'), format: int4, shardBytes: 1e6 })
  await symlink(at('in.safetensors'), at('link.safetensors'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Cast with options as JavaScript may give them. */
const cast = (options: object) =>
  castFile({
    from: at('in.safetensors'),
    to: at('never.safetensors'),
    format: int4,
    ...options,
  })

const { codes, scale } = nvfp4.packing!
const nowhere = defineFormat({ ...int4, name: 'mine', packing: { codes: int4.packing!.codes } })
const oneLevel = defineFormat({ ...nvfp4, name: 'mine', packing: { codes, scale: scale! } })

test.each<[string, object, RegExp]>([
  [
    'a law that leaves the grid',
    { noise: gaussian() },
    /^noise: expected a law whose outcomes are grid points, found 'gaussian/,
  ],
  [
    'a word for a noise',
    { noise: 'nearest' },
    /^noise: expected a noise of @lotion\/noise, found the text 'nearest'/,
  ],
  ['a seed without draws', { seed: 3 }, /^seed: nearest rounding draws nothing, found 3/],
  ['a seed of nearest', { seed: 3, noise: nearest }, /^seed: nearest rounding draws nothing, found 3/],
  [
    'a type of codes',
    { packed: true, dtype: 'BF16' },
    /^dtype: packed weights are codes and scales, found BF16/,
  ],
  [
    'tiles of weights',
    { format: nvfp4, swizzle: true },
    /^swizzle: an order of packed scales; add option 'packed'/,
  ],
  [
    'tiles of one level',
    { format: mxfp4, packed: true, swizzle: true },
    /^swizzle: expected option 'format' nvfp4, found mxfp4/,
  ],
  [
    'scales without room',
    { format: withScale(nvfp4, e8m0Floor), packed: true },
    /^scale: the bytes of nvfp4 hold scales of/,
  ],
  [
    'no codes',
    { format: defineFormat({ name: 'mine', grid: intGrid(5) }), packed: true },
    /^packed: expected a format with codes .*, found none in mine/,
  ],
  ['a text for a pattern', { only: 'a' }, /^only: expected a regular expression, found the text 'a'/],
  ['a text for an axis', { axis: '0' }, /^axis: expected an axis, .*, found the text '0'/],
  ['no place', { to: '' }, /^to: expected a path, found the text ''/],
  ['no list of formats', { formats: null }, /^formats: expected a list of number formats, found null/],
  ['a text for formats', { formats: 'int4' }, /^formats: expected a list .*, found the text 'int4'/],
  ['one format for formats', { formats: int4 }, /^formats: expected a list .*, found an object/],
  [
    'two formats of one name',
    { formats: [4, 5].map((bits) => defineFormat({ name: 'mine', grid: intGrid(bits) })) },
    /^formats: expected a name that no format with other points .*, found 'mine'/,
  ],
  ['a number for a signal', { signal: 3 }, /^signal: expected an AbortSignal, found 3/],
  ['a number for progress', { progress: 3 }, /^progress: expected a function, found 3/],
  [
    'codes without room for scales',
    { format: nowhere, packed: true },
    /^packed: the bytes of mine hold no scales, found the rule absmax with scales of f32; take (?!.*'scale')/,
  ],
  [
    'a level less',
    { format: oneLevel, packed: true },
    /^packed: the bytes of mine hold scales of e4m3, found the rule \S+ with scales of e4m3 and one of the tensor; take (?!.*'scale')/,
  ],
])('what cannot be honoured is refused by its name, and nothing written: %s', async (_, options, message) => {
  const before = await readdir(folder)
  await expect(cast(options)).rejects.toThrow(CastOptionError)
  await expect(cast(options)).rejects.toThrow(message)
  expect(await readdir(folder)).toEqual(before)
})

test.each<[string, object, RegExp]>([
  ['a misspelt option', { swizzled: true }, /^castFile: unknown option 'swizzled', did you mean 'swizzle'\?/],
  [
    'a word for a format',
    { format: 'int4' },
    /^format: expected a number format, found the text 'int4'.*formatByName\('int4'\)/,
  ],
  [
    'a word among the formats',
    { formats: ['int4'] },
    /^formats: expected a number format, found the text 'int4'/,
  ],
  [
    'a type in small letters',
    { dtype: 'f16' },
    /^dtype: expected 'F64', 'F32', 'F16', 'BF16' or 'same', found 'f16'/,
  ],
  ['a word for a switch', { packed: 'yes' }, /^packed: expected true or false, found 'yes'/],
])('what no type allows is refused from JavaScript as well: %s', (_, options, message) =>
  expect(cast(options)).rejects.toThrow(message),
)

test.each([undefined, null, 'in.safetensors'])('no options are refused by name: %s', (options) =>
  expect(castFile(options as never)).rejects.toThrow(/^castFile: expected an object, found /),
)

test('what is written takes no place of what is read, and no name of another kind of file', async () => {
  const before = await readdir(folder)
  const [shard] = (await readdir(at('shards'))).filter((name) => name.endsWith('.safetensors'))
  const shards = { from: at('shards'), again: true }
  for (const [options, message] of [
    [{ to: at('in.safetensors') }, /^to: expected another file than the one to read/],
    [{ to: at('link.safetensors') }, /^to: expected another file than the one to read/],
    [{ ...shards, to: at('shards') }, /^to: expected another file than the one to read/],
    [{ ...shards, to: join(at('shards'), shard!) }, /^to: expected the name of a folder, for shards/],
    [{ to: at('a.gguf') }, /^to: expected the name of a .safetensors file, .*name it '.*a.safetensors'/],
    [{ to: at('a.safetensors'), shardBytes: 100 }, /^to: expected the name of a folder, for shards/],
  ] as const) {
    await expect(cast(options)).rejects.toThrow(CastOptionError)
    await expect(cast(options)).rejects.toThrow(message)
  }
  expect(await readdir(folder)).toEqual(before)
})

test('nearest rounding is no noise: the record says no seed, and the bits are those without it', async () => {
  const read = async (options: object) => {
    await cast({ ...options, to: at('out.safetensors') })
    return readSafetensors(at('out.safetensors'))
  }
  const [none, named, drawn] = [
    await read({}),
    await read({ noise: nearest }),
    await read({ noise: randomizedRounding }),
  ]
  expect(named.metadata).toEqual(none.metadata)
  expect(toFloat32(named.tensors['a.weight']!)).toEqual(toFloat32(none.tensors['a.weight']!))
  expect(drawn.metadata['lotion.cast']).toContain('"seed":0')
})
