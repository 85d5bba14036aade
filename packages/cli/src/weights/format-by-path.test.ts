import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { castNearest, evaluate, layoutOf, normals } from '@lotion/core'
import { defineFormat, intGrid } from '@lotion/formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'

let folder = ''
const file = (name: string): string => join(folder, name)
const cli = (...words: readonly string[]) => recordedCli(words)
const data = normals({ seed: 1, stream: 'w' }, 8 * 64)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-path-'))
  await writeSafetensors(file('in.safetensors'), { 'a.weight': { data, shape: [8, 64] } })
  await writeFile(
    file('mine.ts'),
    `import { defineFormat, f32Scale, intGrid, twosComplement } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
export const six = defineFormat({ name: 'six', grid: intGrid(6), packing: { codes: twosComplement(6), scale: f32Scale } })
export const law = { ...randomizedRounding, name: 'mine' }
`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

test('a format and a noise of a module are cast to, recorded by name, and inspected by path', async () => {
  const out = file('out.safetensors')
  const format = ['--format', file('mine.ts')]
  expect(await cli('cast', file('in.safetensors'), out, ...format)).toMatchObject({ status: 0, stderr: '' })
  const { tensors, metadata } = await readSafetensors(out)
  expect(JSON.parse(metadata['lotion.cast']!)).toMatchObject([{ format: 'six', noise: 'nearest' }])
  const six = defineFormat({ name: 'six', grid: intGrid(6) })
  const layout = layoutOf([8, 64], six.block)
  const [cast] = evaluate([{ fn: castNearest(six), inputs: { w: data }, layout }], 'f32')
  expect([...toFloat32(tensors['a.weight']!)]).toEqual([...cast!['w']!])

  const inspected = await cli('inspect', out, ...format)
  expect(inspected).toMatchObject({ status: 0, stderr: '' })
  expect(inspected.stdout).toContain('six')
  const alone = await cli('inspect', out)
  expect(alone.status).toBe(1)
  expect(alone.stderr).toMatch(/format: expected one of .*, found 'six'/)

  const drawn = ['--noise', file('mine.ts'), '--seed', '3']
  const noisy = await cli('cast', file('in.safetensors'), file('noisy.safetensors'), ...format, ...drawn)
  expect(noisy).toMatchObject({ status: 0, stderr: '' })
})

test('its codes are packed as its record says', async () => {
  const out = file('packed.safetensors')
  const packed = await cli('cast', file('in.safetensors'), out, '--format', file('mine.ts'), '--packed')
  expect(packed).toMatchObject({ status: 0, stderr: '' })
  const { tensors } = await readSafetensors(out)
  // 512 codes of 6 bits, and 16 scales.
  expect(tensors['a.weight.codes']!.bytes.length).toBe((512 * 6) / 8)
  expect(tensors['a.weight.scales']!.bytes.length).toBe(16 * 4)
})
