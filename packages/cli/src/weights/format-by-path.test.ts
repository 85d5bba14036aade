import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoint, readSafetensors, readWeight, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { castNearest, evaluate, layoutOf, normals } from '@lotion/core'
import { defineFormat, f32Scale, int4, intGrid, twosComplement } from '@lotion/formats'
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
export { int4 as same } from '@lotion/formats'
export const other = defineFormat({ name: 'int4', grid: intGrid(6) })
export const law = { ...randomizedRounding, name: 'mine' }
`,
  )
})
afterAll(() => rm(folder, { recursive: true }))

test('a format and a noise of a module are cast to, recorded by name, and inspected by path', async () => {
  const out = file('out.safetensors')
  const format = ['--format', `${file('mine.ts')}#six`]
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
  expect(alone.stderr).toMatch(
    /out.safetensors: 'a.weight': expected a known format .*, found format 'six', .* with --formats <its module>\n/,
  )

  const drawn = ['--noise', file('mine.ts'), '--seed', '3']
  const noisy = await cli('cast', file('in.safetensors'), file('noisy.safetensors'), ...format, ...drawn)
  expect(noisy).toMatchObject({ status: 0, stderr: '' })
})

test('its codes are packed as its record says', async () => {
  const out = file('packed.safetensors')
  const six = ['--format', `${file('mine.ts')}#six`]
  const packed = await cli('cast', file('in.safetensors'), out, ...six, '--packed')
  expect(packed).toMatchObject({ status: 0, stderr: '' })
  const { tensors } = await readSafetensors(out)
  // 512 codes of 6 bits, and 16 scales.
  expect(tensors['a.weight.codes']!.bytes.length).toBe((512 * 6) / 8)
  expect(tensors['a.weight.scales']!.bytes.length).toBe(16 * 4)
})

test('what was packed so is read by whoever is given the format, and refused by its name elsewhere', async () => {
  const [from, cast, packed, to] = ['in', 'cast', 'packed', 'again'].map((name) =>
    file(`${name}.safetensors`),
  )
  const path = `${file('mine.ts')}#six`
  await cli('cast', from!, cast!, '--format', path)
  await cli('cast', from!, packed!, '--format', path, '--packed')
  for (const given of [
    ['--format', path],
    ['--formats', path],
  ]) {
    const inspected = await cli('inspect', packed!, ...given)
    expect(inspected).toMatchObject({ status: 0, stderr: '' })
    expect(inspected.stdout).toMatch(/^all 1 .* ∞ +100 %$/m)
    expect(await cli('cast', packed!, to!, ...given)).toMatchObject({ status: 0, stderr: '' })
    const [once, twice] = await Promise.all([cast, to].map((name) => readSafetensors(name!)))
    const weights = [once, twice].map((read) => toFloat32(read!.tensors['a.weight']!).map((w) => w + 0))
    expect(weights[1]).toEqual(weights[0])
  }
  const other = ['--format', 'int8', '--again', '--formats', path]
  expect(await cli('cast', packed!, to!, ...other)).toMatchObject({ status: 0, stderr: '' })
  for (const words of [
    ['inspect', packed!],
    ['cast', packed!, to!],
    ['cast', packed!, to!, '--format', 'int8', '--again'],
  ]) {
    const alone = await cli(...words)
    expect(alone).toMatchObject({ status: 1, stdout: '' })
    expect(alone.stderr).toMatch(
      /packed.safetensors: 'a.weight': expected the packing of a known format, found 'six', .* with --formats <its module>\n/,
    )
  }

  const open = await openCheckpoint(packed!)
  await expect(readWeight(open, 'a.weight')).rejects.toThrow(/found 'six', .* with option 'formats'$/)
  const six = defineFormat({
    name: 'six',
    grid: intGrid(6),
    packing: { codes: twosComplement(6), scale: f32Scale },
  })
  const { data: unpacked } = await readWeight(open, 'a.weight', { formats: [six] })
  await open.close()
  expect(unpacked.map((w) => w + 0)).toEqual(
    toFloat32((await readSafetensors(cast!)).tensors['a.weight']!).map((w) => w + 0),
  )
})

test('the name of a built-in format is its own: another format under it is refused, the same one is not', async () => {
  const [from, to] = ['in.safetensors', 'same.safetensors'].map(file)
  for (const words of [
    ['cast', from!, to!],
    ['inspect', from!],
    ['run', 'linear-regression', '--steps', '1'],
  ]) {
    const refused = await cli(...words, '--format', `${file('mine.ts')}#other`)
    expect(refused).toMatchObject({ status: 2, stdout: '' })
    expect(refused.stderr).toMatch(
      /format: expected a name that no format with other points .*, found 'int4'/,
    )
  }
  const same = await cli('cast', from!, to!, '--format', `${file('mine.ts')}#same`)
  expect(same).toMatchObject({ status: 0, stderr: '' })
  const { tensors } = await readSafetensors(to!)
  const layout = layoutOf([8, 64], int4.block)
  const [cast] = evaluate([{ fn: castNearest(int4), inputs: { w: data }, layout }], 'f32')
  expect([...toFloat32(tensors['a.weight']!)]).toEqual([...cast!['w']!])
})

test('--formats is called by its name where its modules cannot be told apart', async () => {
  const [mine, seven] = [file('mine.ts'), file('seven.ts')]
  await writeFile(
    seven,
    `import { defineFormat, intGrid } from '@lotion/formats'
export const six = defineFormat({ name: 'six', grid: intGrid(7) })
`,
  )
  for (const command of [
    ['cast', file('in.safetensors'), file('never.safetensors')],
    ['inspect', file('in.safetensors')],
  ])
    for (const [formats, message] of [
      [`${mine}#six,${seven}`, /formats: expected a name that no format with other points .*, found 'six'/],
      [mine, /formats: expected one export that fits, found several; name one of .*#six/],
    ] as const) {
      const refused = await cli(...command, '--formats', formats)
      expect(refused).toMatchObject({ status: 2, stdout: '' })
      expect(refused.stderr).toMatch(message)
    }
})
