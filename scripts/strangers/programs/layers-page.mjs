// Page that loads models of layers: those in tfjs's own layout by tfjs alone, packed ones through the small
// loader. Comes in: the folders that layers.mjs made. Goes out: how many weights are not those of the cast,
// posted to the server.
import { quantizedIOHandler } from '@lotion/tfjs/layers'
import * as tf from '@tensorflow/tfjs'

const post = (value) => fetch('/result', { method: 'POST', body: JSON.stringify(value) })

async function compare(kind, isPacked) {
  const handler = tf.io.http(`${location.origin}/${kind}/model.json`)
  const model = await tf.loadLayersModel(isPacked ? quantizedIOHandler(handler) : handler)
  const response = await fetch(`/${kind}/weights.bin`)
  const expected = new Float32Array(await response.arrayBuffer())
  const found = model.weights.flatMap((weight) => Array.from(weight.read().dataSync()))
  const other = found.filter((value, i) => value !== expected[i]).length
  return `${kind}: ${other} of ${expected.length} weights differ${found.length === expected.length ? '' : ', others are missing'}`
}

async function results() {
  await tf.setBackend('cpu')
  return {
    lines: [
      await compare('int4', false),
      await compare('int8', false),
      await compare('mxfp4', true),
      await compare('nf4', true),
    ],
  }
}

void results()
  .catch((error) => ({ error: String(error?.stack ?? error) }))
  .then(post)
