import { castNearest, perRow } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { int4, withBlock } from '@lotion/formats'
import { mlp } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import { adamw, byName, castTree, clipByGlobalNorm, cosine, fit, lotion, quantizedAxes } from '@lotion/optim'

const model = mlp({ layers: [2, 32, 2] })
const format = withBlock(int4, perRow)
const executor = cpuExecutor()
const engine = await onnxEngine({ memory: executor })
const params = engine.allocate(model.shapes)
for (const [name, values] of Object.entries(model.init(0))) params[name]!.set(values)

// Is the point inside the circle?
const points = Float32Array.from({ length: 128 }, (_, i) => Math.sin(i * i))
const inside = Int32Array.from({ length: 64 }, (_, i) =>
  Math.hypot(points[2 * i]!, points[2 * i + 1]!) < 0.9 ? 1 : 0,
)

await fit({
  params,
  shapes: model.shapes,
  gradientStep: engine.gradients(model),
  batches: () => ({ x: { data: points, shape: [64, 2] }, y: { data: inside, shape: [64] } }),
  method: lotion({ format }),
  quantize: byName(),
  optimizer: adamw({ learningRate: cosine(0.02) }),
  before: [clipByGlobalNorm(1)],
  steps: 300,
  seed: 0,
  executor,
  onStep: ({ step, loss }) => {
    if (step % 100 === 0) console.log(step, loss.toFixed(3))
  },
})

// The weights as a 4-bit runtime sees them; `castFile` of @lotion/checkpoints writes them in 4 bits.
const axes = quantizedAxes(byName(), model.shapes)
const cast = castTree({ executor, format, cast: castNearest(format), params, shapes: model.shapes, axes })
console.log(new Set(cast['layers.1.weight']!.subarray(0, 32)).size <= 15) // true: a row of 32 weights has at most 15 values
await engine.close()
