// Weights of two files, counted where they differ: whatever layout either has.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { castFile } from '@lotion/checkpoints'
import { ggufTarget, onnxTarget } from '@lotion/export'
import { packingOf, q4_0 } from '@lotion/formats'
import { llama } from '@lotion/models'
import { byteTokenizer } from '@lotion/text'
import { expect, test } from 'vitest'
import { checkpoint, extents, folder, models, run, stored } from '../test/small-models.js'
import { compareWeights, type ComparedWeights } from './compare-weights.js'
import { openExport } from './open-export.js'

async function all(path: string, against: string): Promise<readonly ComparedWeights[]> {
  const found: ComparedWeights[] = []
  for await (const each of compareWeights(path, against)) found.push(each)
  return found
}

const differing = (found: readonly ComparedWeights[]): number =>
  found.reduce((sum, each) => sum + each.differing, 0)

test.each(Object.keys(models))(
  'a cast of %s, packed, and its GGUF file hold the same; a flipped nibble is found',
  async (name) => {
    const model = models[name]!
    const path = await run(`compared-${name}`, byteTokenizer(), model)
    const [cast, packed] = [join(path, 'cast.safetensors'), join(path, 'packed.safetensors')]
    const from = join(path, 'model.safetensors')
    await castFile({ from, to: cast, format: q4_0 })
    await castFile({ from, to: packed, format: q4_0, packed: true })
    const opened = await openExport(packed)
    const [file] = await ggufTarget.files(opened)
    const made = join(await folder, `${name}.gguf`)
    await writeFile(made, file!.pieces())
    await opened.close()

    for (const other of [cast, packed]) {
      const found = await all(made, other)
      expect(found.map((each) => each.name)).toEqual(Object.keys(model.shapes))
      expect(found.reduce((sum, { weights }) => sum + weights, 0)).toBe(model.parameterCount)
      expect(differing(found)).toBe(0)
    }
    expect(differing(await all(cast, packed))).toBe(0)
    // Before the cast nearly all weights of matrices are others.
    expect(differing(await all(made, from))).toBeGreaterThan(model.parameterCount / 4)

    const bytes = await readFile(made)
    // Within the codes of the last blocks, which are those of a matrix or of a bias.
    const at = bytes.lastIndexOf(Buffer.from((await lastBlocks(packed)).slice(-16)))
    bytes[at]! ^= 0x10
    await writeFile(made, bytes)
    const flipped = (await all(made, cast)).filter((each) => each.differing > 0)
    expect(flipped).toMatchObject([{ differing: 1 }])
    expect(flipped[0]!.first![1]).not.toBe(flipped[0]!.first![2])
  },
)

test.each(Object.keys(models))(
  'a cast of %s and its ONNX folder hold the same; a flipped nibble is found',
  async (name) => {
    const model = models[name]!
    const path = await run(`onnx-${name}`, byteTokenizer(), model)
    const cast = join(path, 'cast.safetensors')
    await castFile({ from: join(path, 'model.safetensors'), to: cast, format: q4_0 })
    const opened = await openExport(cast)
    const [file] = await onnxTarget.files(opened)
    const into = join(await folder, `${name}-onnx`)
    const made = join(into, file!.name)
    await mkdir(dirname(made), { recursive: true })
    await writeFile(made, file!.pieces())
    const matrix = opened.tensors.findLast(({ grid }) => grid !== undefined)!
    await opened.close()

    for (const one of [into, made]) {
      const found = await all(one, cast)
      expect(found.reduce((sum, { weights }) => sum + weights, 0)).toBe(model.parameterCount)
      expect(differing(found)).toBe(0)
    }
    const bytes = await readFile(made)
    const at = bytes.lastIndexOf(`${matrix.name}.integers`)
    bytes[at + matrix.name.length + 100]! ^= 0x10
    await writeFile(made, bytes)
    const flipped = (await all(cast, into)).filter((each) => each.differing > 0)
    expect(flipped).toMatchObject([{ name: matrix.name, differing: 1 }])

    await writeFile(join(into, 'onnx/other.onnx'), 'none')
    await expect(all(into, cast)).rejects.toThrow(/expected one ONNX file, found .*; name one: /)
    await expect(all(join(into, 'onnx/other.onnx'), cast)).rejects.toThrow(/cannot read .*other\.onnx: /)
  },
)

/** Blocks of the model's last matrix. */
async function lastBlocks(path: string): Promise<Uint8Array> {
  const opened = await openExport(path)
  const matrix = opened.tensors.findLast(({ grid }) => grid !== undefined)!
  const blocks = packingOf(q4_0).pack(await matrix.quantized())['blocks']!
  await opened.close()
  return blocks
}

test('a tensor that one has alone, or of another shape, differs whole', async () => {
  const small = models['llama']!
  const path = await checkpoint('own', small, 1)
  const untied = llama({ ...extents, kvHeads: 2, tied: true })
  const tensors = Object.fromEntries(
    Object.entries(stored(small, 1)).filter(([name]) => name !== 'lm_head.weight'),
  )
  const other = await run('tied', byteTokenizer(), untied, tensors)
  const found = (await all(path, other)).filter((each) => each.differing > 0)
  expect(found).toMatchObject([
    { name: 'lm_head.weight', problem: 'the other one has none', differing: 300 * 64 },
  ])
  const back = (await all(other, path)).filter((each) => each.differing > 0)
  expect(back).toMatchObject([{ name: 'lm_head.weight', problem: `${other} has none` }])
})

test('a checkpoint that has ONNX files beside its weights is compared by its weights', async () => {
  const path = await checkpoint('both-kinds', models['llama']!, 3)
  await mkdir(join(path, 'onnx'))
  for (const name of ['model.onnx', 'model_q4.onnx']) await writeFile(join(path, 'onnx', name), 'other')
  const found = await all(path, path)
  expect(found.map(({ name }) => name)).toEqual(Object.keys(models['llama']!.shapes))
  expect(differing(found)).toBe(0)
})
