// What a file says of itself by names, and who knows them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals, type NumberFormat } from '@lotion/core'
import {
  absmax,
  defineFormat,
  e8m0Codes,
  f32Scale,
  gridFromPoints,
  int4,
  intGrid,
  listPositions,
  twosComplement,
  withScale,
} from '@lotion/formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSafetensors, readSafetensors } from '../open-safetensors.js'
import type { SafetensorsFile } from '../safetensors-view.js'
import { writeSafetensors } from '../safetensors.js'
import { castFile } from './cast-file.js'
import { readWeight } from './read-weight.js'
import { recordedGrid } from './recorded-grid.js'

let folder: string
const at = (name: string): string => join(folder, `${name}.safetensors`)
const weight = { data: normals({ seed: 1, stream: 'w' }, 128), shape: [2, 64] }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-recorded-'))
  await writeSafetensors(at('in'), { 'a.weight': weight })
})
afterAll(() => rm(folder, { recursive: true }))

const mine = defineFormat({
  name: 'mine',
  grid: intGrid(6),
  packing: { codes: twosComplement(6), scale: f32Scale },
})
const ownRule = withScale(int4, Object.freeze({ ...absmax, name: 'own' }))

async function opened<T>(name: string, look: (file: SafetensorsFile) => T): Promise<Awaited<T>> {
  const file = await openSafetensors(at(name))
  try {
    return await look(file)
  } finally {
    await file.close()
  }
}

test.each<[string, NumberFormat, boolean, string]>([
  ['a format', mine, false, "found format 'mine', which is not built in"],
  ['a packing', mine, true, "found 'mine', which is not built in"],
  ['a scale rule', ownRule, false, "found scale rule 'own', which is not built in"],
])('%s that is not built in is known to whoever gives it', async (_, format, packed, message) => {
  await castFile({ from: at('in'), to: at('cast'), format, packed })
  await opened('cast', (file) => {
    expect(() => recordedGrid(file)).toThrow(
      /^.*cast\.safetensors: 'a\.weight': expected .* with option 'formats'$/,
    )
    expect(() => recordedGrid(file)).toThrow(message)
    expect(recordedGrid(file, { formats: [format] })).toEqual({
      format,
      recorded: new Map([['a.weight', -1]]),
    })
  })
  await castFile({ from: at('cast'), to: at('twice'), format })
  const [once, twice] = [await opened('cast', read(format)), await opened('twice', read(format))]
  expect(twice.map((w) => w + 0)).toEqual(once.map((w) => w + 0))
})

const read = (format: NumberFormat) => async (file: SafetensorsFile) =>
  (await readWeight(file, 'a.weight', { formats: [format] })).data

test('the record of a packing whose bytes another tool wrote anew is passed over, whoever knows it', async () => {
  await castFile({ from: at('in'), to: at('packed'), format: mine, packed: true })
  const metadata = await opened('packed', (file) => file.metadata)
  await writeSafetensors(at('anew'), { 'a.weight': weight }, metadata)
  await opened('anew', async (file) => {
    expect(recordedGrid(file)).toBeUndefined()
    expect((await readWeight(file, 'a.weight')).data).toEqual(weight.data)
  })
})

/** A format whose name says nothing of its points. */
const points = (list: readonly number[], scale = f32Scale): NumberFormat =>
  defineFormat({
    name: 'own',
    grid: gridFromPoints('own', list),
    bits: 2,
    packing: { codes: listPositions(list), scale },
  })
const before = points([-2, -1, 1, 2])

test.each<[string, NumberFormat]>([
  ['other points', points([-2, -1.5, 1.5, 2])],
  ['scales of another length', points([-2, -1, 1, 2], e8m0Codes)],
  [
    'scales read otherwise',
    points([-2, -1, 1, 2], { ...f32Scale, read: (from, at) => -f32Scale.read(from, at) }),
  ],
  ['more bits', defineFormat({ ...mine, name: 'own' })],
])(
  'a format that is another now is not taken for the one that a file was written with: %s',
  async (_, after) => {
    const refusal =
      /^.*file\.safetensors: 'a\.weight': expected format 'own' with the points and codes .*; give the format as it was/
    for (const packed of [false, true]) {
      await castFile({ from: at('in'), to: at('file'), format: before, packed })
      await opened('file', async (file) => {
        expect(recordedGrid(file, { formats: [points([-2, -1, 1, 2])] })?.recorded.size).toBe(1)
        expect(() => recordedGrid(file, { formats: [after] })).toThrow(refusal)
        const weight = packed ? readWeight(file, 'a.weight', { formats: [after] }) : undefined
        if (weight) await expect(weight).rejects.toThrow(refusal)
      })
      const cast = castFile({ from: at('file'), to: at('never'), format: after })
      await expect(cast).rejects.toThrow(refusal)
    }
    await castFile({ from: at('in'), to: at('file'), format: before })
    await castFile({ from: at('file'), to: at('again'), format: after, again: true })
  },
)

test('built-in formats are known by name; a record of another that tells no numbers is refused', async () => {
  await castFile({ from: at('in'), to: at('built-in'), format: int4, packed: true })
  const { metadata } = await opened('built-in', (file) => file)
  expect(`${metadata['lotion.grid']}${metadata['lotion.packed']}`).not.toContain('numbers')
  await castFile({ from: at('in'), to: at('bare'), format: mine })
  const bare = await opened('bare', (file) => file.metadata)
  expect(bare['lotion.grid']).toMatch(/"numbers":"[0-9a-f]{16}"/)
  const without = { ...bare, 'lotion.grid': bare['lotion.grid']!.replace(/,"numbers":"\w+"/, '') }
  await writeSafetensors(at('bare'), { 'a.weight': weight }, without)
  await opened('bare', (file) =>
    expect(() => recordedGrid(file, { formats: [mine] })).toThrow(
      /: expected a hash of the points and codes of format 'mine' beside its name, found none; cast/,
    ),
  )
})

test('packed bytes of another length are refused with file and weight', async () => {
  await castFile({ from: at('in'), to: at('short'), format: int4, packed: true })
  const { tensors, metadata } = await readSafetensors(at('short'))
  const codes = { data: new Uint8Array(3), shape: [3] }
  await writeSafetensors(at('short'), { ...tensors, 'a.weight.codes': codes }, metadata)
  await opened('short', (file) =>
    expect(readWeight(file, 'a.weight')).rejects.toThrow(
      /short\.safetensors: 'a\.weight': int4: codes: expected 64 bytes, found 3$/,
    ),
  )
})
