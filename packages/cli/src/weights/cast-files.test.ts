import { spawnSync } from 'node:child_process'
import { lstat, mkdtemp, open, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCheckpoint, readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { normals } from '@lotion/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'

let folder: string
let [from, to] = ['', '']
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-files-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
  await writeSafetensors(from, {
    'a.weight': { data: normals({ seed: 1, stream: 'a' }, 256), shape: [4, 64] },
  })
})
afterEach(() => rm(folder, { recursive: true }))

const cli = (...words: readonly string[]) => recordedCli(words)

describe('the files of cast and inspect', () => {
  test('a file without metadata becomes one that loaders of PyTorch files take; what there was is kept', async () => {
    expect((await cli('cast', from, to)).status).toBe(0)
    expect((await readSafetensors(to)).metadata['format']).toBe('pt')
    const { tensors } = await readSafetensors(from)
    const metadata = JSON.parse('{"__proto__":"kept","format":"mlx"}') as Record<string, string>
    await writeSafetensors(from, tensors, metadata)
    expect((await cli('cast', from, to)).status).toBe(0)
    expect(Object.entries((await readSafetensors(to)).metadata)).toEqual(
      expect.arrayContaining([
        ['__proto__', 'kept'],
        ['format', 'mlx'],
      ]),
    )
  })

  test('a cast of trained weights does not say that they are the trained ones', async () => {
    const { tensors } = await readSafetensors(from)
    await writeSafetensors(from, tensors, { 'lotion.weights': 'trained', method: 'lotion' })
    expect((await cli('cast', from, to)).status).toBe(0)
    expect((await readSafetensors(to)).metadata).toMatchObject({ 'lotion.weights': 'cast', method: 'lotion' })
  })

  test('weights are written in another type on demand; what that rounds is counted, and on no grid', async () => {
    expect((await cli('cast', from, to)).stdout).not.toMatch(/not on the grid/)
    const exact = toFloat32((await readSafetensors(to)).tensors['a.weight']!)
    const outcome = await cli('cast', from, to, '--dtype', 'bf16')
    const { tensors, metadata } = await readSafetensors(to)
    const rounded = toFloat32(tensors['a.weight']!)
    const changed = rounded.reduce((count, w, i) => count + (w === exact[i] ? 0 : 1), 0)
    expect(outcome.stdout).toContain(
      `${changed} of 256 weights are not on the grid: BF16 does not hold them exactly`,
    )
    expect(changed).toBeGreaterThan(100)
    expect(tensors['a.weight']!.dtype).toBe('BF16')
    expect(JSON.parse(metadata['lotion.grid']!)).toEqual({})
    // As it was: F32 here, and powers of two times small numbers are exact in 16 bits as well.
    await cli('cast', from, to, '--dtype', 'same')
    expect((await readSafetensors(to)).tensors['a.weight']!.dtype).toBe('F32')
    expect((await cli('cast', from, to, '--dtype', 'f16', '--format', 'mxfp4')).stdout).not.toMatch(
      /not on the grid/,
    )
  })

  test.each<[string, readonly string[], RegExp]>([
    ['no type', ['--dtype', 'fp8'], /dtype: expected one of F64, F32, F16, BF16, same, found 'fp8'/],
    ['a type of codes', ['--dtype', 'f16', '--packed'], /dtype: packed weights are codes and scales/],
    [
      'no size',
      ['--shard-size', '5 apples'],
      /shard-size: expected a size such as 5GB or 500MB, found '5 apples'/,
    ],
    ['nothing', ['--shard-size', '0'], /shard-size: expected a size/],
  ])('%s is refused', async (_, options, message) => {
    const outcome = await cli('cast', from, to, ...options)
    expect(outcome.status).toBe(2)
    expect(outcome.stderr).toMatch(message)
  })

  test('an F64 that no f32 comes near is refused by name and place, never written as infinite', async () => {
    await writeSafetensors(from, { 'a.weight': { data: Float64Array.of(1, 2, 1e300, 4), shape: [2, 2] } })
    const outcome = await cli('cast', from, to)
    expect(outcome.status).toBe(1)
    expect(outcome.stderr).toMatch(
      /'a.weight': expected finite weights in single precision, found 1e\+300 at position 2/,
    )
    expect(await readdir(folder)).toEqual(['in.safetensors'])
    expect((await cli('inspect', from, '--json')).stdout).toContain('"notFinite":1')
  })

  test('shards are read by their folder, and written again with an index', async () => {
    const weights = (stream: string) => ({ data: normals({ seed: 1, stream }, 256), shape: [4, 64] })
    await writeSafetensors(
      from,
      { 'a.weight': weights('a'), 'b.weight': weights('b'), norm: weights('c') },
      { format: 'pt' },
    )
    const [shards, again] = [join(folder, 'shards'), join(folder, 'again')]
    expect(await cli('cast', from, shards, '--format', 'int8', '--shard-size', '1KB')).toMatchObject({
      status: 0,
      stderr: '',
    })
    expect(await cli('cast', from, to, '--format', 'int8')).toMatchObject({ status: 0 })
    expect((await readdir(shards)).length).toBe(4)
    const whole = (await readSafetensors(to)).tensors
    const file = await openCheckpoint(shards)
    for (const name of Object.keys(whole)) expect(await file.tensor(name)).toEqual(whole[name])
    await file.close()
    // The input is in shards, so the output is.
    expect(await cli('cast', shards, again, '--format', 'int8', '--packed')).toMatchObject({ status: 0 })
    expect((await readdir(again)).sort()).toEqual([
      'model-00001-of-00001.safetensors',
      'model.safetensors.index.json',
    ])
    expect((await cli('inspect', join(again, 'model.safetensors.index.json'), '--json')).status).toBe(0)
    await rm(join(shards, 'model-00002-of-00003.safetensors'))
    expect((await cli('inspect', shards)).stderr).toMatch(
      /cannot read .*model-00002-of-00003.safetensors: ENOENT/,
    )
  })

  describe.skipIf(process.platform === 'win32')('on systems with pipes, links and modes', () => {
    test('a pipe that nobody writes to is refused at once', async () => {
      const pipe = join(folder, 'pipe')
      expect(spawnSync('sh', ['-c', 'mkfifo "$0"', pipe]).status).toBe(0)
      for (const words of [
        ['inspect', pipe],
        ['cast', pipe, to],
        ['cast', from, pipe],
      ] as const) {
        const outcome = await cli(...words)
        expect(outcome.status).toBe(1)
        expect(outcome.stderr).toMatch(/found a pipe|found a device or socket/)
      }
    })

    test('a link to write to is followed, and the file behind it keeps its mode', async () => {
      const target = join(folder, 'target')
      await writeFile(target, 'old', { mode: 0o600 })
      await symlink(target, to)
      expect((await cli('cast', from, to)).status).toBe(0)
      expect((await lstat(to)).isSymbolicLink()).toBe(true)
      expect((await stat(target)).mode & 0o777).toBe(0o600)
      expect(Object.keys((await readSafetensors(target)).tensors)).toEqual(['a.weight'])
    })
  })

  test('a tensor of 9 GiB beside the weights that are asked for does not stop inspect', async () => {
    const elements = 9 * 2 ** 29
    const header = `{"big.weight":{"dtype":"BF16","shape":[${elements / 2 ** 14},16384],"data_offsets":[0,${2 * elements}]},"small.weight":{"dtype":"BF16","shape":[2,32],"data_offsets":[${2 * elements},${2 * elements + 128}]}}`
    const prefix = Buffer.alloc(8)
    prefix.writeBigUInt64LE(BigInt(header.length))
    await writeFile(from, Buffer.concat([prefix, Buffer.from(header)]))
    // Sparse: it takes no room on the disk.
    await truncate(from, 8 + header.length + 2 * elements + 128)
    const handle = await open(from, 'r+')
    await handle.write(Uint8Array.of(0x80, 0x3f), 0, 2, 8 + header.length + 2 * elements)
    await handle.close()
    const { stdout, stderr, status } = await cli('inspect', from, '--only', 'small', '--json')
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout).toContain(`"shape":[${elements / 2 ** 14},16384]`)
    expect(stdout).toMatch(/"parameter":"small.weight".*"onGrid":1/)
  })
})
