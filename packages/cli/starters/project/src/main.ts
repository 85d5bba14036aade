// Compares LOTION with PTQ: train, then cast. Prints a table and writes the cast weights of LOTION.
import { writeSafetensors } from '@lotion/checkpoints'
import { lotion, ptq } from '@lotion/optim'
import { format, model, trainedBy } from './training.js'

const path = 'model.safetensors'
console.log(`loss on points that were not trained on   as trained   in ${format.name}`)
for (const method of [ptq({ format }), lotion({ format })]) {
  const { fullPrecision, cast, weights } = await trainedBy(method, 1000)
  console.log(`${method.name.padEnd(42)}${fullPrecision.toFixed(4).padEnd(13)}${cast.toFixed(4)}`)
  if (method.name !== 'lotion') continue
  const tensors = Object.entries(weights).map(([name, data]) => [name, { data, shape: model.shapes[name] }])
  await writeSafetensors(path, Object.fromEntries(tensors))
}
console.log(`${path}: the weights of lotion, cast`)
