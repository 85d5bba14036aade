// What all runtimes and bundles repeat. Comes in: an executor; for the training, an engine too. Goes out:
// numbers that are the same everywhere.
import { castBytes, openSafetensorsBytes, readWeight, safetensorsBytes } from '@lotion/checkpoints/bytes'
import { castNearest, defineLanes, layoutOf, perRow } from '@lotion/core'
import { int4, nvfp4, packingByName, quantize, withBlock } from '@lotion/formats'
import { mlp } from '@lotion/models'
import { encodeModel, traceGradients } from '@lotion/onnx/trace'
import { adamw, byName, castTree, clipByGlobalNorm, cosine, fit, lotion, quantizedAxes } from '@lotion/optim'

const model = mlp({ layers: [2, 32, 2] })
const format = withBlock(int4, perRow)

/** Is the point inside the circle? */
const points = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i * i))
const inside = Int32Array.from({ length: 64 }, (_, i) =>
  Math.hypot(points[2 * i], points[2 * i + 1]) < 0.9 ? 1 : 0,
)
const batch = { x: { data: points, shape: [64, 2] }, y: { data: inside, shape: [64] } }

/** Train with LOTION for INT4: the loss of the last step, and that of the weights after their cast. */
export async function trained({ engine, executor, steps }) {
  const params = Object.fromEntries(
    Object.entries(model.init(0)).map(([name, values]) => [
      name,
      executor.upload(values, model.shapes[name]),
    ]),
  )
  const gradientStep = engine.gradients(model)
  let last = 0
  await fit({
    params,
    shapes: model.shapes,
    gradientStep,
    batches: () => batch,
    method: lotion({ format }),
    quantize: byName(),
    optimizer: adamw({ learningRate: cosine(0.02) }),
    before: [clipByGlobalNorm(1)],
    steps,
    seed: 0,
    executor,
    onStep: ({ loss }) => (last = loss),
  })
  const axes = quantizedAxes(byName(), model.shapes)
  const cast = castTree({ executor, format, cast: castNearest(format), params, shapes: model.shapes, axes })
  const { loss } = await gradientStep.run({ ...params, ...cast }, batch)
  return `loss ${last.toPrecision(6)}, in INT4 ${loss.toPrecision(6)}`
}

/** Cast a checkpoint in memory to codes and scales: its length, and a weight as it is read back. */
export async function castInMemory() {
  const data = Float32Array.from({ length: 512 }, (_, i) => Math.fround(((i * 37) % 64) - 31.5))
  const chosen = new Blob([safetensorsBytes({ 'mlp.weight': { data, shape: [8, 64] } })])
  const { bytes } = await castBytes(await openSafetensorsBytes(chosen), { format: nvfp4, packed: true })
  const { data: read } = await readWeight(await openSafetensorsBytes(bytes), 'mlp.weight')
  return `${bytes.length} bytes, ${read.slice(0, 4)}`
}

/** Trace the model's gradients: the length of the ONNX file and the sum of its bytes. */
export function traced() {
  const ports = { x: { shape: [64, 2], dtype: 'float32' }, y: { shape: [64], dtype: 'int32' } }
  const file = encodeModel(traceGradients(model, ports).graph)
  return `${file.length} bytes, sum ${file.reduce((sum, byte) => sum + byte, 0)}`
}

/** Quantize weights on an executor and pack them: the sums of the bytes of codes and scales. */
export async function packedBytes(executor) {
  const values = Float32Array.from({ length: 64 }, (_, i) => ((i * 37) % 64) - 31.5)
  const w = executor.upload(values, [64])
  const layout = layoutOf([64], nvfp4.block)
  const [out] = executor.lanes([{ fn: quantize(nvfp4), inputs: { w }, layout }])
  const [codes, scales, tensorScale] = await Promise.all(
    [out.value, out.scale, out.tensorScale].map((array) => executor.read(array)),
  )
  const packed = packingByName('nvfp4').pack({ layout, values: codes, scales, tensorScale: tensorScale[0] })
  const sums = [packed.codes, packed.scales].map((bytes) => bytes.reduce((sum, byte) => sum + byte, 0))
  return `bytes ${sums.join(' and ')}`
}

/** Add up enough weights to keep every thread busy: the total. */
export function total(executor) {
  const w = executor.upload(
    Float32Array.from({ length: 400_000 }, (_, i) => i % 7),
    [400_000],
  )
  const body = ({ w }) => ({ sum: w.mul(w).total('sum') })
  const fn = defineLanes({ name: 'sum of squares', inputs: ['w'], outputs: ['sum'], body })
  const [{ sum }] = executor.lanes([{ fn, inputs: { w } }])
  return `total ${sum[0]}`
}
