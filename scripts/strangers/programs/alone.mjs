// Program of a project that has one package of ours and what that brings. Comes in: the package's name.
// Goes out: a line with what it did, the same on every runtime. Imports nothing that the package does not
// need itself.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'

const waves = (length) => Float32Array.from({ length }, (_, i) => Math.sin(i))
const line = (tf) => ({
  name: 'line',
  shapes: { slope: [1], offset: [] },
  loss: ({ slope, offset }, { x, y }) => tf.mean(tf.squaredDifference(tf.add(tf.mul(x, slope), offset), y)),
  terms: ({ x }) => x.data.length,
})
const batch = {
  x: { data: Float32Array.of(0, 1, 2), shape: [3] },
  y: { data: Float32Array.of(1, 3, 5), shape: [3] },
}
/** Trains a line with an engine. */
const trained = async (engine, tf, steps) => {
  const program = line(tf)
  const params = engine.allocate(program.shapes)
  const step = engine.gradients(program)
  let last = 0
  for (let i = 0; i < steps; i++) {
    const { gradients, loss } = await step.run(params, batch)
    last = loss
    for (const [name, weights] of Object.entries(params))
      weights.forEach((w, j) => (weights[j] = w - 0.1 * gradients[name][j]))
  }
  await engine.close?.()
  return `loss ${last.toPrecision(6)}, slope ${params.slope[0].toFixed(4)}`
}
/** The part of tfjs that engines and models need, wherever it comes from. */
const tensors = async () => {
  const tf = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-backend-cpu')
  await tf.setBackend('cpu')
  return tf
}

/** @type {Readonly<Record<string, () => Promise<string>>>} */
const deeds = {
  core: async () => {
    const { blockOf, defineLanes, evaluate, gradient, layoutOf } = await import('@lotion/core')
    const body = ({ w }) => ({ slope: gradient(w.div(w.abs().blockMax()), w) })
    const fn = defineLanes({ name: 'relative', inputs: ['w'], outputs: ['slope'], body })
    const layout = layoutOf([5], blockOf(3))
    return String(evaluate([{ fn, inputs: { w: [1, -4, 2, 8, 2] }, layout }])[0].slope)
  },
  formats: async () => {
    const { evaluate, layoutOf } = await import('@lotion/core')
    const { dequantize, nvfp4, packingByName, quantize } = await import('@lotion/formats')
    const layout = layoutOf([2, 32], nvfp4.block)
    const [out] = evaluate([{ fn: quantize(nvfp4), inputs: { w: waves(64) }, layout }], 'f32')
    const parts = { layout, values: out.value, scales: out.scale, tensorScale: out.tensorScale[0] }
    const packed = packingByName('nvfp4').pack(parts)
    const back = dequantize(packingByName('nvfp4').unpack(packed, layout))
    return `${packed.codes.length} bytes, ${back.slice(0, 4)}`
  },
  noise: async () => {
    const { defineLanes, evaluate } = await import('@lotion/core')
    const { randomizedRounding } = await import('@lotion/noise')
    const body = ({ x, lo, hi }) => ({ variance: randomizedRounding.variance({ x, lo, hi }) })
    const fn = defineLanes({ name: 'v', inputs: ['x', 'lo', 'hi'], outputs: ['variance'], body })
    return String(evaluate([{ fn, inputs: { x: [0.25, 0.5], lo: [0, 0], hi: [1, 1] } }])[0].variance)
  },
  fisher: async () => {
    const { defineLanes, evaluate, fisherDiagonal, observedSlots, scalarNames } = await import('@lotion/core')
    const fisher = (await import('@lotion/fisher')).empirical({ beta: 0.9 })
    const body = (x) => ({ f: fisherDiagonal(fisher, { ...x, ...observedSlots(fisher, x) }) })
    const inputs = ['gradient', 'squares']
    const fn = defineLanes({ name: 'f', inputs, scalars: scalarNames(fisher), outputs: ['f'], body })
    const scalars = fisher.scalars({ step: 0, steps: 3, terms: 32 })
    return String(evaluate([{ fn, inputs: { gradient: [0.5, -0.1], squares: [0, 0], ...scalars } }])[0].f)
  },
  optim: async () => {
    const { int4 } = await import('@lotion/formats')
    const { byName, cosine, lotion, quantizedAxes } = await import('@lotion/optim')
    const axes = quantizedAxes(byName(), { 'mlp.weight': [4, 8], 'mlp.bias': [4] })
    const rates = [0, 5, 10].map((step) => cosine(0.1)({ step, steps: 10 }))
    return `${lotion({ format: int4 }).name}, ${JSON.stringify([...axes])}, ${rates.map((rate) => rate.toFixed(6))}`
  },
  cpu: async () => {
    const { defineLanes } = await import('@lotion/core')
    const { cpuExecutor } = await import('@lotion/cpu')
    const { matmul } = await import('@lotion/cpu/gemm')
    const cpu = cpuExecutor({ threads: 2 })
    const body = ({ w }) => ({ w: w.mul(w), sum: w.total('sum') })
    const fn = defineLanes({ name: 'squared', inputs: ['w'], outputs: ['w', 'sum'], body })
    const w = cpu.upload(waves(400_000), [400_000])
    const [{ sum }] = cpu.lanes([{ fn, inputs: { w }, into: { w } }])
    const a = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] }
    const { backend, threads } = cpu.report()
    const product = matmul(cpu, a, a).data
    cpu.close()
    return `${backend}, ${threads} threads, ${w[3]}, ${sum[0]}, ${product}`
  },
  gpu: async () => {
    const { blockOf, defineLanes, layoutOf } = await import('@lotion/core')
    const gpu = await (await import('@lotion/gpu')).gpuExecutor({ mode: 'webasm' })
    const body = ({ w }) => ({ w: w.div(w.abs().blockMax()) })
    const fn = defineLanes({ name: 'relative', inputs: ['w'], outputs: ['w'], body })
    const w = gpu.upload(Float32Array.of(0.5, -1, 6.9, 14, 1, 2, 3, 7), [8])
    gpu.lanes([{ fn, inputs: { w }, layout: layoutOf([8], blockOf(4)), into: { w } }])
    const values = await gpu.read(w)
    const { mode } = gpu.report()
    await gpu.close()
    return `${mode}, ${values}`
  },
  tfjs: async () => {
    const tf = await tensors()
    const { eagerEngine } = await import('@lotion/tfjs')
    return trained(eagerEngine(), tf, 30)
  },
  models: async () => {
    const tf = await tensors()
    const { llama } = await import('@lotion/models')
    const sizes = { vocabulary: 256, dimension: 16, layers: 1, heads: 2, kvHeads: 1, context: 8 }
    const model = llama(sizes)
    const entries = Object.entries(model.init(1))
    const params = Object.fromEntries(entries.map(([name, w]) => [name, tf.tensor(w, model.shapes[name])]))
    const ids = Int32Array.from(new TextEncoder().encode('Fellow-Citizens'))
    const [x, y] = [ids.slice(0, 8), ids.slice(1, 9)].map((part) => tf.tensor2d(part, [1, 8], 'int32'))
    return `loss ${model.loss(params, { x, y }).dataSync()[0].toFixed(4)}`
  },
  text: async () => {
    const { bpeTokenizer, byteTokenizer } = await import('@lotion/text')
    const ids = (await bpeTokenizer('r50k_base')).encode('Hello world')
    return `${ids}, ${byteTokenizer().decode(Uint8Array.of(195, 169))}`
  },
  onnx: async () => {
    const tf = await tensors()
    const engine = await (await import('@lotion/onnx')).onnxEngine()
    return `${engine.binding}, ${await trained(engine, tf, 30)}`
  },
  checkpoints: async () => {
    const { castFile, openCheckpoint, readWeight, writeSafetensors } = await import('@lotion/checkpoints')
    const { nvfp4 } = await import('@lotion/formats')
    const folder = mkdtempSync(join(tmpdir(), 'lotion-alone-'))
    const [from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
    await writeSafetensors(from, { 'mlp.weight': { data: waves(512), shape: [8, 64] } })
    await castFile({ from, to, format: nvfp4, packed: true })
    const file = await openCheckpoint(to)
    const { data } = await readWeight(file, 'mlp.weight')
    await file.close()
    return String(data.slice(0, 4))
  },
  export: async () => {
    const { builtInTargets } = await import('@lotion/export')
    return builtInTargets.map(({ name }) => name).join()
  },
  language: async () => {
    const { loadModel } = await import('@lotion/language')
    return loadModel('nowhere').catch((error) => error.message)
  },
  conformance: async () => {
    const { verify } = await import('@lotion/conformance')
    const { empirical } = await import('@lotion/fisher')
    const outcomes = (await verify('fisher', empirical())).map(({ outcome }) => outcome)
    return `${outcomes.length} checks: ${[...new Set(outcomes)].sort()}`
  },
  cli: async () => {
    const { UsageError, wholeNumber } = await import('@lotion/cli')
    const number = wholeNumber({ min: 1, max: 9 })
    return `${number.parse('7')}, ${number.safeParse('10').success}, ${new UsageError('text').message}`
  },
  bench: async () => {
    const { linearRegression, runOnce, valuesOf } = await import('@lotion/bench')
    const { int4 } = await import('@lotion/formats')
    const { lotion } = await import('@lotion/optim')
    const workload = await linearRegression.workload(valuesOf(linearRegression, { dimension: 16 }))
    const opened = await workload.open(console.warn)
    const method = lotion({ format: int4, onWarning: () => undefined })
    const run = { workload, opened, method, learningRate: 1, steps: 100, seed: 0, casts: 4 }
    const { record } = await runOnce(run)
    await opened.close()
    return `nearest ${record.nearest.toPrecision(6)}`
  },
}

console.log(`done: ${await deeds[process.argv[2]]()}`)
