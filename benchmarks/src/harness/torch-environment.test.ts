import { existsSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cacheFolder, findTorch, type FindTorchOptions, type RunProgram } from './torch-environment.js'

const posix = process.platform !== 'win32'
const system = posix ? 'python3' : 'python'
const folder = mkdtempSync(join(tmpdir(), 'lotion-python-'))
const own = posix ? join(folder, 'bin', 'python') : join(folder, 'Scripts', 'python.exe')

/** A machine on which `allows` decides what works; records what was run. */
function machine(
  allows: (line: string, earlier: readonly string[]) => boolean | string,
  env: NodeJS.ProcessEnv = {},
) {
  const lines: string[] = []
  const logged: string[] = []
  const run: RunProgram = async (command, args) => {
    const line = [command, ...args].join(' ')
    const verdict = allows(line, lines)
    lines.push(line)
    if (verdict !== true) throw Object.assign(new Error('failed'), { stderr: verdict || 'not here' })
  }
  const options: FindTorchOptions = {
    env,
    folder,
    run,
    log: (line) => logged.push(line),
    progress: () => undefined,
    signal: new AbortController().signal,
  }
  return { lines, logged, found: () => findTorch(options) }
}

it('takes the interpreter of LOTION_PYTHON and no other', async () => {
  const good = machine(() => true, { LOTION_PYTHON: 'mine' })
  expect(await good.found()).toEqual({ python: 'mine' })
  const bad = machine((line) => !line.startsWith('mine'), { LOTION_PYTHON: 'mine' })
  expect(await bad.found()).toEqual({
    absent: 'LOTION_PYTHON=mine: expected a Python that imports torch>=2.4, found: not here',
  })
  expect(bad.lines).toHaveLength(1)
})

it('takes the environment of an earlier run, else a python in the path that has torch', async () => {
  expect(await machine((line) => line.startsWith(own)).found()).toEqual({ python: own })
  expect(await machine((line) => line.startsWith(system)).found()).toEqual({ python: system })
})

it('makes the environment when nobody has torch, and says so first', async () => {
  const bare = machine(
    (line, earlier) =>
      !line.includes('import torch') || earlier.some((before) => before.includes('pip install')),
  )
  expect(await bare.found()).toEqual({ python: own })
  expect(bare.logged.join()).toContain(`installing PyTorch into ${folder}`)
  expect(bare.lines.slice(3)).toEqual([
    `${system} -m venv --clear ${folder}`,
    `${own} -m pip install --no-input --no-cache-dir --retries 2 torch>=2.4`,
    expect.stringContaining(`${own} -c import torch`),
  ])
})

it('skips with what is missing and how to get it', async () => {
  expect(existsSync(folder)).toBe(true)
  const noPython = await machine(() => `${system}: not found`).found()
  expect(noPython).toEqual({
    absent: expect.stringMatching(
      /expected python3? with venv and pip, found: .*not found; install it .* LOTION_PYTHON/,
    ),
  })
  const noNetwork = await machine((line) =>
    line.includes('pip install') ? 'WARNING\nno route\nno matching distribution' : !line.includes('torch'),
  ).found()
  expect(noNetwork).toEqual({
    absent: expect.stringMatching(
      /did not install: no route no matching distribution; check the network .* LOTION_PYTHON/,
    ),
  })
  // Nothing half-installed stays behind.
  expect(existsSync(folder)).toBe(false)
})

it('stops with the signal instead of skipping', async () => {
  const signal = AbortSignal.abort(new Error('stopped by hand'))
  const run: RunProgram = () => Promise.reject(new Error('aborted'))
  await expect(
    findTorch({ env: {}, folder, run, log: () => undefined, progress: () => undefined, signal }),
  ).rejects.toThrow('stopped by hand')
})

it('finds the cache folder of each system', () => {
  expect(cacheFolder({ XDG_CACHE_HOME: 'x' }, 'linux')).toBe('x')
  expect(cacheFolder({}, 'linux')).toMatch(/\.cache$/)
  expect(cacheFolder({}, 'darwin')).toMatch(/Caches$/)
  expect(cacheFolder({ LOCALAPPDATA: 'local' }, 'win32')).toBe('local')
})
