// What a file says of itself by names, and who knows them.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { normals, type NumberFormat } from '@lotion/core'
import { absmax, defineFormat, f32Scale, int4, intGrid, twosComplement, withScale } from '@lotion/formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSafetensors, type SafetensorsFile } from '../open-safetensors.js'
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
