// onnxruntime keeps a device id in the home folder as soon as its telemetry is on: each binding, in the main
// thread and in a worker, is loaded by a process that has an empty home and no variable of a CI system (those
// hide the telemetry).

import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundled } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const packageFolder = fileURLToPath(new URL('../../', import.meta.url))

let scratch = ''
/** Where koffi and onnxruntime are found. */
let programs = ''
let engineModule = ''
let ownModule = ''
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'telemetry-'))
  programs = await mkdtemp(join(packageFolder, 'node_modules/.telemetry-'))
  engineModule = await bundled(new URL('../onnx-engine.ts', import.meta.url), join(programs, 'engine.mjs'))
  ownModule = await bundled(new URL('telemetry.ts', import.meta.url), join(programs, 'telemetry.mjs'))
})
afterAll(() => Promise.all([scratch, programs].map((folder) => rm(folder, { recursive: true }))))

interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  /** Files in the home folder afterwards. */
  readonly home: readonly string[]
}

/** Run a module's text in the main thread or a worker of a fresh process, and list what it left at home. */
async function runAlone(
  text: string,
  { worker = false, env = {} }: { readonly worker?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<Ended> {
  const home = await mkdtemp(join(scratch, 'home-'))
  const temporary = await mkdtemp(join(scratch, 'tmp-'))
  const code = worker
    ? `import { Worker } from 'node:worker_threads'
       const code = ${JSON.stringify(`data:text/javascript,${encodeURIComponent(text)}`)}
       new Worker(new URL(code)).on('error', (error) => { console.error(error.message); process.exitCode = 1 })
         .on('exit', () => console.log('main', process.env.ORT_DISABLE_TELEMETRY))`
    : text
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: packageFolder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: home, TMPDIR: temporary, ...env },
  })
  return { status, stdout, stderr, home: await readdir(home, { recursive: true }) }
}

const step = (binding: string): string => `
  const { onnxEngine } = await import(${JSON.stringify(engineModule)})
  const tf = await import(${JSON.stringify(import.meta.resolve('@tensorflow/tfjs-core'))})
  const engine = await onnxEngine({ threads: 1, binding: '${binding}', onWarning: (text) => console.error(text) })
  const forward = engine.forward((_, { x }) => ({ y: tf.neg(x) }))
  const { y } = await forward.run({}, { x: { data: Float32Array.of(2), shape: [1] } })
  await engine.close()
  console.log(engine.binding, y[0])`

describe.skipIf(process.platform === 'win32')('onnxruntime leaves no device id behind', () => {
  test.each(['native', 'node'])('with the %s binding in the main thread', async (binding) => {
    const ended = await runAlone(step(binding))
    expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining(`${binding} -2`), home: [] })
  })

  test.each(['native', 'node'])(
    'with the %s binding in a worker, whose process.env is a copy',
    async (binding) => {
      const ended = await runAlone(step(binding), { worker: true })
      expect(ended).toMatchObject({ status: 0, home: [] })
      // The main thread reads the real environment: the worker has set it.
      expect(ended.stdout).toContain(`${binding} -2\nmain 1`)
    },
  )
})

describe('who has set the variable has chosen', () => {
  const off = (koffi: string): string => `
    const { switchTelemetryOff } = await import(${JSON.stringify(ownModule)})
    const { default: koffi } = await import(${JSON.stringify(import.meta.resolve('koffi'))})
    switchTelemetryOff(${koffi})
    console.log('here', process.env.ORT_DISABLE_TELEMETRY)`

  test.each(['koffi', 'undefined'])('and finds it as it was, with koffi = %s', async (koffi) => {
    const env = { ORT_DISABLE_TELEMETRY: '0' }
    expect((await runAlone(off(koffi), { env })).stdout).toBe('here 0\n')
    expect((await runAlone(off(koffi), { env, worker: true })).stdout).toBe('here 0\nmain 0\n')
  })

  test('and a worker that cannot reach the environment of the process says what to do', async () => {
    const ended = await runAlone(off('undefined'), { worker: true })
    expect(ended.stderr).toMatch(
      /a worker thread without koffi cannot set it: start the process with ORT_DISABLE_TELEMETRY=1/,
    )
    expect(ended.status).toBe(1)
    expect((await runAlone(off('undefined'))).stdout).toBe('here 1\n')
  })
})
