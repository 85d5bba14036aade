// What a token takes: with what was read kept, and by reading the whole window again. Comes in: nothing. Goes
// out: a table of medians, in milliseconds, of evaluations that take turns.
// Source: docs/results/decoding.md shows one. npm run -s try scripts/measure-decoding.ts
import { cpuExecutor } from '@lotion/cpu'
import { openDecoding, presetModel } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'

const ROUNDS = 7
const LENGTHS = [32, 128, 512, 1024, 2000]

const executor = cpuExecutor({ threads: 1 })
const engine = await onnxEngine({ threads: 1, memory: executor })
const model = presetModel('small', { vocabulary: 8192, context: 2048 })
const params = engine.allocate(model.shapes)
for (const [name, weights] of Object.entries(model.init(1))) params[name]?.set(weights)
const forward = engine.forward((p, batch) => ({ logits: model.logits(p, batch) }), 'logits')
const { next, close } = openDecoding({ model, engine, params })

const ids = Array.from({ length: 2048 }, (_, i) => (i * 7919) % 8192)
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now()
  await work()
  return performance.now() - start
}
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN

console.log(`${model.parameterCount} weights, one thread\n`)
console.log('| tokens before | with the cache, ms | whole window, ms |\n| --- | --- | --- |')
for (const length of LENGTHS) {
  const window = { x: { data: Int32Array.from(ids.slice(0, length)), shape: [1, length] } }
  await forward.run(params, window)
  await next(ids.slice(0, length))
  await next(ids.slice(0, length + 1))
  const found = { cached: [] as number[], whole: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    found.cached.push(await timed(() => next(ids.slice(0, length + 2 + round))))
    found.whole.push(await timed(() => forward.run(params, window)))
  }
  console.log(`| ${length} | ${median(found.cached).toFixed(1)} | ${median(found.whole).toFixed(1)} |`)
}
await close()
await engine.close()
executor.close()
