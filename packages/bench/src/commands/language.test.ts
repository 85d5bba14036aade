// The whole path from text to a quantized model, small: the same seed leaves the same bytes, an interruption
// nothing broken.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { defineKernel } from '@lotion/onnx'
import { readSafetensors, toFloat32 } from '@lotion/checkpoints'
import { amount } from '@lotion/test-kit'
import { byteTokenizer } from '@lotion/text'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { recordedCli, runCli, type CliWorld } from '@lotion/cli/internal'
import { quickstart as command } from './quickstart.js'
import { languageModel, openLanguage } from '../language/open-language.js'
import { speechData } from '../language/speech-data.js'
import type { ComparisonRecord, MetricsRecord } from '../records.js'

// Workers take over the loaders of their parent: vitest's own is none that a process could have.
process.execArgv.push('--import', 'tsx', '--conditions=@lotion/source')

// Writing a sample is the last that a comparison does.
const sampling = vi.hoisted(() => ({ begins: (): void => undefined }))
vi.mock(import('@lotion/models'), async (original) => {
  const models = await original()
  return { ...models, openDecoding: (options) => (sampling.begins(), models.openDecoding(options)) }
})

let folder = ''
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'lotion-language-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Run the quickstart on a tiny model; `watch` sees what it writes to standard error. */
async function quickstart(
  out: string,
  options: string,
  signal = new AbortController().signal,
  watch: (text: string) => void = () => undefined,
): Promise<{ readonly status: number; readonly stdout: string; readonly stderr: string }> {
  const texts = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof texts): CliWorld['stdout'] => {
    const through = new PassThrough().on('data', (piece: Buffer) => {
      texts[name] += piece.toString()
      if (name === 'stderr') watch(piece.toString())
    })
    // Of a terminal's stream, the commands use `write` and `isTTY` only.
    return through as unknown as CliWorld['stdout']
  }
  const line = `quickstart --dimension 16 --layers 1 --heads 2 --context 8 --batch 16 --casts 2 ${options} --out ${join(folder, out)}`
  const status = await runCli(line.split(' '), {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    signal,
  })
  return { status, ...texts }
}

const metricsOf = async (out: string): Promise<string> => readFile(join(folder, out, 'metrics.jsonl'), 'utf8')

/** The lines of the metrics without times and without the folder. */
const timeless = async (out: string): Promise<readonly unknown[]> =>
  (await metricsOf(out))
    .replaceAll(join(folder, out), 'OUT')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { timing: _, ...rest } = JSON.parse(line) as Record<string, unknown>
      return JSON.stringify(rest)
    })

test('two runs of a seed leave the same metrics and the same model, byte for byte', async () => {
  const outcome = await quickstart('one', '--steps 3 --methods qat,lotion --block tensor')
  expect(outcome).toMatchObject({ status: 0 })
  expect(await quickstart('two', '--steps 3 --methods qat,lotion --block tensor')).toMatchObject({
    status: 0,
  })
  expect(await readdir(join(folder, 'one'))).toEqual([
    'finished',
    'metrics.jsonl',
    'model.safetensors',
    'report.html',
    'run.json',
    'weights',
  ])

  const lines = await timeless('one')
  expect(lines).toEqual(await timeless('two'))
  // The run; per method at steps 0, 1, 2, 3 the losses and what the weights did; texts, result, comparison.
  expect(lines).toHaveLength(1 + 2 * (2 * 4 + 1 + 1 + 1))
  const [first, second] = await Promise.all(
    ['one', 'two'].map((out) => readFile(join(folder, out, 'model.safetensors'))),
  )
  expect(first!.equals(second!)).toBe(true)

  const records = (await metricsOf('one'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsRecord)
  const results = records.filter((record) => record.type === 'result')
  const report = await readFile(join(folder, 'one', 'report.html'), 'utf8')
  for (const result of results) {
    const cells = [result.fullPrecision, result.nearest, result.randomized].map((loss) => loss.toFixed(4))
    // After the cast the lowest is marked.
    expect(outcome.stdout).toMatch(new RegExp(`^${result.method} +${cells.join('[ *]+')} `, 'm'))
    expect(report).toMatch(
      new RegExp(`${result.method}</th>${cells.map((cell) => `<td[^>]*>${cell}[ *]*</td>`).join('')}`),
    )
  }
  const { tensors, metadata } = await readSafetensors(join(folder, 'one', 'model.safetensors'))
  expect(metadata).toMatchObject({ method: 'lotion', 'number format': 'int4', block: 'tensor', steps: '3' })
  // One scale a tensor and four bits: at most 15 values, −7 … 7 times the scale.
  const matrix = tensors['model.layers.0.self_attn.q_proj.weight']!
  expect(new Set(toFloat32(matrix)).size).toBeLessThanOrEqual(15)
})

test('an interruption leaves whole lines, and a run that goes on to the same bytes', async () => {
  const stop = new AbortController()
  // A line of progress comes with every tenth of the steps: here at step 10.
  const line = '--steps 100 --methods ptq,qat --checkpoint-every 8steps'
  expect(await quickstart('undisturbed', line)).toMatchObject({ status: 0 })
  const outcome = await quickstart('stopped', line, stop.signal, (text) => {
    if (text.includes('10 %')) stop.abort(new Error('stopped'))
  })
  expect(outcome).toMatchObject({ status: 130, stdout: '' })
  expect(outcome.stderr).toMatch(/to go on: lotion resume .*\nstopped; nothing was left half-written\n$/)
  expect(await readdir(join(folder, 'stopped'))).toEqual(['checkpoints', 'metrics.jsonl', 'run.json'])
  const metrics = await metricsOf('stopped')
  expect(metrics.endsWith('}\n')).toBe(true)
  const steps = metrics
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as MetricsRecord)
    .map((record) => (record.type === 'evaluation' ? record.step : record.type))
  expect(steps.slice(0, 2)).toEqual(['run', 0])
  expect(steps.length).toBeLessThan(1 + 11)

  expect(await recordedCli(['resume', join(folder, 'stopped')])).toMatchObject({ status: 0 })
  expect(await timeless('stopped')).toEqual(await timeless('undisturbed'))
  const weights = async (out: string) => {
    const names = await readdir(join(folder, out, 'weights'))
    return Promise.all(
      names.map(async (name) => [
        name,
        (await readFile(join(folder, out, 'weights', name))).toString('base64'),
      ]),
    )
  }
  expect(await weights('stopped')).toEqual(await weights('undisturbed'))
  expect(await recordedCli(['resume', join(folder, 'stopped')])).toMatchObject({ status: 0, stdout: '' })
})

test('an interruption after the last method is honoured before anything else is written', async () => {
  const stop = new AbortController()
  sampling.begins = () => stop.abort(new Error('stopped'))
  const outcome = await quickstart('late', '--steps 1 --methods ptq', stop.signal)
  sampling.begins = () => undefined
  expect(outcome).toMatchObject({ status: 130, stdout: '' })
  expect(await metricsOf('late')).toContain('"type":"result"')
  expect(await readdir(join(folder, 'late'))).toEqual(['finished', 'metrics.jsonl', 'run.json', 'weights'])
})

test('the quickstart’s program is checked against tfjs, though a step of its training is too large for that', async () => {
  const wrong = defineKernel<'x'>('Sigmoid', (graph, { x }) => graph.emit('Tanh', [x], x))
  const model = languageModel({ context: 64, dimension: 64, layers: 2, heads: 4 })
  const options = {
    model,
    tokenizer: byteTokenizer(),
    data: () => speechData({ batch: 16, context: 64, validationWindows: 16 }),
    threads: 1,
    onWarning: console.warn,
  }
  const agreed = await openLanguage({ ...options, kernels: [] })
  await agreed.close()
  await expect(openLanguage({ ...options, kernels: [wrong] })).rejects.toThrow(
    "disagrees with tfjs's cpu backend",
  )
})

// A tuned record, and that the number of processes changes nothing, are seen of quicker tasks too.
test.runIf(amount(1, 2) === 2)(
  'tuned in two processes: the lines of one process, and one line of JSON a method',
  async () => {
    const line = '--steps 1 --methods ptq --tune --json'
    const [one, two] = [await quickstart('alone', line), await quickstart('both', `${line} --workers 2`)]
    expect([one.status, two.status, two.stdout]).toEqual([0, 0, one.stdout])
    expect(JSON.parse(one.stdout)).toMatchObject({
      task: 'language',
      method: 'ptq',
      config: { dimension: 16, tuning: { settings: 3, seeds: [1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3, 1e6 + 4] } },
    })
    const told = async (out: string) =>
      (await timeless(out)).map((text) => String(text).replaceAll(/ --workers 2|both|alone/g, ''))
    expect(await told('both')).toEqual(await told('alone'))
  },
)

test('noise and Fisher reach the run', async () => {
  const { stdout, stderr } = await quickstart(
    'chosen',
    '--steps 1 --methods lotion --noise smoothstep --fisher adam-second-moment --json',
  )
  const { config } = JSON.parse(stdout) as ComparisonRecord
  expect(config).toMatchObject({ noise: 'smoothstep', fisher: 'adam-second-moment' })
  // Rows of 16 have no blocks of 32: what the warning advises are options of this command.
  const advice = /^warning: int4 has .*; (.*)$/m.exec(stderr)?.[1]?.match(/--[a-z]+/g)
  expect(advice).toEqual(['--block', '--dimension'])
  for (const option of advice!) expect(Object.keys(command.options)).toContain(option.slice(2))
  const lines = (await timeless('chosen')).map((text) => JSON.parse(String(text)) as MetricsRecord)
  expect(lines.at(-2)).toMatchObject({
    type: 'result',
    settings: { noise: 'smoothstep', fisher: 'adam-second-moment' },
  })
})
