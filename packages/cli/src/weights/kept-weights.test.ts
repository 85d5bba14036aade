// Casts of casts: weights that a file says are on a grid stay as they are, or nothing is written.
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  openSafetensors,
  readSafetensors,
  readWeight,
  toFloat32,
  writeSafetensors,
} from '@lotion/checkpoints'
import { castNearest, layoutOf, normals } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { formatByName, scaleByName, withScale } from '@lotion/formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-kept-'))))
afterAll(() => rm(folder, { recursive: true }))
const at = (name: string): string => join(folder, name)
const cli = (line: string) => recordedCli(line.split(' '))
const shape = [64, 256]

/** Weights of a width, and the float file of them. */
async function weightsOf(sigma: number): Promise<string> {
  const data = normals({ seed: 1, stream: 'w' }, 64 * 256).map((value) => value * sigma)
  const path = at(`of-${sigma}.safetensors`)
  await writeSafetensors(path, { 'a.weight': { data, shape } })
  return path
}

async function weightIn(path: string): Promise<Float32Array> {
  return toFloat32((await readSafetensors(path)).tensors['a.weight']!)
}

async function unpackedFrom(path: string): Promise<Float32Array> {
  const file = await openSafetensors(path)
  try {
    return (await readWeight(file, 'a.weight')).data
  } finally {
    await file.close()
  }
}

/** How many weights the nearest cast changes, counted by the formula alone. */
function changedBy(weights: Float32Array, format: string, scale?: string): number {
  const named = formatByName(format)
  const used = scale === undefined ? named : withScale(named, scaleByName(scale))
  const layout = layoutOf(shape, used.block)
  const [out] = cpuExecutor().lanes([{ fn: castNearest(used), inputs: { w: weights }, layout }])
  return weights.reduce((sum, w, i) => sum + (out!['w']![i] === w ? 0 : 1), 0)
}

describe.each([
  ['q8_0', undefined, 0.001],
  ['int8', 'absmax-bf16', 0.02],
  ['mxfp4', 'e8m0-nearest', 0.02],
])('%s, scale %s: a rule that denies to repeat', (format, scale, sigma) => {
  const options = `--format ${format}${scale === undefined ? '' : ` --scale ${scale}`}`
  const once = () => at(`${format}-once.safetensors`)

  test('the first cast warns, packing at once does not', async () => {
    const from = await weightsOf(sigma)
    const cast = await cli(`cast ${from} ${once()} ${options}`)
    expect(cast.status).toBe(0)
    const changed = changedBy(await weightIn(once()), format, scale)
    expect(changed).toBeGreaterThan(0)
    expect(cast.stderr).toMatch(
      new RegExp(
        `^warning: a second cast .* would change weights: ${changed} of 16384 of a.weight; it is refused.`,
      ),
    )
    expect(cast.stderr).toContain('cast the original weights once, with --packed')
    const [packed, unpacked] = [at(`${format}-packed.safetensors`), at(`${format}-unpacked.safetensors`)]
    expect(await cli(`cast ${from} ${packed} ${options} --packed`)).toMatchObject({ status: 0, stderr: '' })
    // The codes of the one cast are those weights.
    expect((await unpackedFrom(packed)).map((w) => w + 0)).toEqual((await weightIn(once())).map((w) => w + 0))
    // Written as floats again they are read, not cast.
    expect((await cli(`cast ${packed} ${unpacked} --dtype f64`)).status).toBe(0)
    expect((await weightIn(unpacked)).map((w) => w + 0)).toEqual((await weightIn(once())).map((w) => w + 0))
  })

  test('a second cast, packed or not, is refused with the count of weights it would change', async () => {
    const changed = changedBy(await weightIn(once()), format, scale)
    const before = await readdir(folder)
    for (const more of ['', ' --packed', ` ${options} --packed`, ' --dtype same']) {
      const { status, stdout, stderr } = await cli(`cast ${once()} ${at('never')}${more}`)
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
      expect(stderr).toContain(`'a.weight': expected weights that a second cast to ${format}`)
      expect(stderr).toContain(`found ${changed} of 16384 that would change`)
      expect(stderr).toContain(`add --again ${options} to round these a second time`)
      expect(await readdir(folder)).toEqual(before)
    }
    const again = at('again.safetensors')
    expect((await cli(`cast ${once()} ${again} --again ${options}`)).status).toBe(0)
    expect(changedBy(await weightIn(once()), format, scale)).toBe(changed)
    expect((await weightIn(again)).some((w) => !Number.isFinite(w))).toBe(false)
  })
})

test('where a rule denies to repeat and yet no weight would change, a second cast goes on, without a warning', async () => {
  const [from, once, twice] = [await weightsOf(1), at('wide-once.safetensors'), at('wide-twice.safetensors')]
  expect(await cli(`cast ${from} ${once} --format q8_0`)).toMatchObject({ status: 0, stderr: '' })
  expect(changedBy(await weightIn(once), 'q8_0')).toBe(0)
  expect(await cli(`cast ${once} ${twice}`)).toMatchObject({ status: 0, stderr: '' })
  expect(await weightIn(twice)).toEqual(await weightIn(once))
  expect(await cli(`cast ${once} ${twice} --packed`)).toMatchObject({ status: 0, stderr: '' })
  expect(await unpackedFrom(twice)).toEqual(await weightIn(once))
})

test('a noise may leave a block without its largest point: that is said, and a second cast refused', async () => {
  const [from, once] = [await weightsOf(0.02), at('noisy-once.safetensors')]
  const { status, stderr } = await cli(`cast ${from} ${once} --format nvfp4 --noise randomized-rounding`)
  expect(status).toBe(0)
  const changed = changedBy(await weightIn(once), 'nvfp4')
  expect(changed).toBeGreaterThan(0)
  expect(stderr).toContain(`would change weights: ${changed} of 16384 of a.weight; it is refused`)
  expect((await cli(`cast ${once} ${at('never')} --packed`)).stderr).toContain(
    `found ${changed} of 16384 that would change`,
  )
  // A scale that is the block's maximum itself stays: that weight is the top, which no noise moves.
  expect(await cli(`cast ${from} ${once} --format int4 --noise randomized-rounding`)).toMatchObject({
    status: 0,
    stderr: '',
  })
})

test('weights that were changed after their cast are not rounded by what the file still says of them', async () => {
  const [from, once, tuned] = [await weightsOf(0.5), at('tuned-once'), at('tuned')]
  expect(await cli(`cast ${from} ${once} --format int4`)).toMatchObject({ status: 0, stderr: '' })
  const { metadata } = await readSafetensors(once)
  const data = (await weightIn(once)).map((w, i) => (i === 5 || i === 77 ? w * 0.9 + 0.001 : w))
  await writeSafetensors(tuned, { 'a.weight': { data, shape } }, metadata)
  const { status, stderr } = await cli(`cast ${tuned} ${at('never')} --packed`)
  expect(status).toBe(1)
  expect(stderr).toMatch(
    /'a.weight': .* found \d+ of 16384 that would change; .* --again --format int4 to round/,
  )
})
