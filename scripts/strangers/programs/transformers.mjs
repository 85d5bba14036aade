// Program of a project that has transformers.js beside our packages. Comes in: a folder. Goes out: in it a
// folder for each of some models, one of every architecture; a line with what was done. transformers.js,
// which may not reach the network, goes on with a text: with what is kept of it, ids are those that the model
// itself gives when it reads all of it for each token. onnxruntime-web gives the weights of the cast.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { Buffer } from 'node:buffer'
import { layoutOf } from '@lotion/core'
import { onnxMessages, protobuf } from '@lotion/core/internal'
import { cpuExecutor } from '@lotion/cpu'
import { onnxTarget } from '@lotion/export'
import { dequantize, int4, mxfp4, q8_0, quantize } from '@lotion/formats'
import { configOf, gpt2, llama } from '@lotion/models'
import { byteTokenizer, tokenizerFiles } from '@lotion/text'
import { AutoModelForCausalLM, AutoTokenizer, env } from '@huggingface/transformers'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import * as ort from 'onnxruntime-web'

await tf.setBackend('cpu')
const [folder] = process.argv.slice(2)
globalThis.fetch = () => Promise.reject(new Error('expected no network'))
Object.assign(env, { allowRemoteModels: false, localModelPath: `${folder}/`, useFSCache: false })

ort.env.wasm.numThreads = 1

const NEW = 20
const text = 'Näturally, 100 % of it'
const extents = { vocabulary: 256, dimension: 64, layers: 2, heads: 4, context: 64 }
const ropeScaling = {
  type: 'llama3',
  factor: 4,
  lowFrequencyFactor: 1,
  highFrequencyFactor: 4,
  originalContext: 32,
}
const models = {
  llama: [llama({ ...extents, kvHeads: 2, tied: true }), int4],
  llama3: [llama({ ...extents, kvHeads: 1, ropeScaling }), undefined],
  qwen2: [llama({ ...extents, kvHeads: 2, biases: ['qkv'] }), q8_0],
  qwen3: [llama({ ...extents, kvHeads: 2, headDimension: 24, qkNorm: true }), mxfp4],
  gpt2: [gpt2(extents), int4],
}

const tokenizer = await tokenizerFiles(byteTokenizer())
const executor = cpuExecutor()
const isCast = (name, shape) => shape.length === 2 && !/embed_tokens|wte|wpe|lm_head/.test(name)

/** A model as `openExport` of @lotion/language makes it of a run. */
function exported(name, model, format) {
  const start = model.init(7)
  const tensors = Object.entries(model.shapes).map(([name, shape]) => {
    const weights = start[name]
    if (!format || !isCast(name, shape)) return { name, shape, read: async () => weights }
    const layout = layoutOf(shape, format.block, -1)
    const [out] = executor.lanes([{ fn: quantize(format), inputs: { w: weights }, layout }])
    const { value, scale, tensorScale } = out
    const quantized = { layout, values: value, scales: scale, tensorScale: tensorScale[0] }
    start[name] = dequantize(quantized)
    const grid = { format, axis: -1 }
    return { name, shape, grid, read: async () => start[name], quantized: async () => quantized }
  })
  return { weights: start, model: { name, config: configOf(model), tokenizer, ends: [], tensors } }
}

/** All bytes of a file. */
async function bytesOf(file) {
  const pieces = []
  for await (const piece of file.pieces()) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces)
}

async function write(name, files) {
  for (const file of files) {
    const path = join(folder, name, file.name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, await bytesOf(file))
  }
}

/** The likeliest followers of a text, all of it read for each. */
function greedy(model, weights, ids) {
  const all = [...ids]
  for (let i = 0; i < NEW; i++) {
    const logits = tf.tidy(() => {
      const params = Object.fromEntries(
        Object.entries(weights).map(([name, data]) => [name, tf.tensor(data, model.shapes[name])]),
      )
      return model.logits(params, { x: tf.tensor2d(all, [1, all.length], 'int32') }).dataSync()
    })
    const last = logits.subarray(-extents.vocabulary)
    all.push(last.indexOf(Math.max(...last)))
  }
  return all
}

/** How many weights onnxruntime-web does not give as they were cast, of how many. */
async function inBrowsers({ tensors }, weights, file) {
  // A field that is there twice is joined: the weights become outputs, too.
  const outputs = tensors.map(({ name, shape }) =>
    onnxMessages.valueField('output', { name, dtype: 'float32', shape }),
  )
  const session = await ort.InferenceSession.create(protobuf.joined([file, protobuf.message(7, ...outputs)]))
  const int64 = (values) => new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
  const feeds = { input_ids: int64([1]), attention_mask: int64([1]), position_ids: int64([0]) }
  for (const [i, name] of session.inputNames.entries())
    if (name.startsWith('past_')) {
      const [, heads, , width] = session.inputMetadata[i].shape
      feeds[name] = new ort.Tensor('float32', new Float32Array(0), [1, heads, 0, width])
    }
  const found = await session.run(feeds, Object.keys(weights))
  await session.release()
  const counts = Object.entries(weights).map(([name, data]) => {
    const other = found[name].data
    return [data.filter((value, i) => value !== other[i]).length, data.length]
  })
  return counts.reduce(([off, all], [one, size]) => [off + one, all + size], [0, 0])
}

let compared = 0
const said = []
for (const [name, [model, format]] of Object.entries(models)) {
  const { weights, model: whole } = exported(name, model, format)
  const files = await onnxTarget.files(whole)
  await write(name, files)
  const [off, all] = await inBrowsers(whole, weights, await bytesOf(files[0]))
  if (off > 0)
    throw new Error(`${name}: expected the weights of the cast of onnxruntime-web, found ${off} others`)
  compared += all
  const tokenizer = await AutoTokenizer.from_pretrained(name)
  const loaded = await AutoModelForCausalLM.from_pretrained(name, { device: 'cpu' })
  const inputs = tokenizer(text)
  const ids = Array.from(inputs.input_ids.data, Number)
  if (ids.join() !== [...Buffer.from(text)].join()) throw new Error(`${name}: other ids: ${ids}`)
  const answer = await loaded.generate({ ...inputs, max_new_tokens: NEW, do_sample: false })
  const [found, expected] = [Array.from(answer.data, Number), greedy(model, weights, ids)]
  if (found.join() !== expected.join()) throw new Error(`${name}: expected ${expected}, found ${found}`)
  await loaded.dispose()
  said.push(name)
}
executor.close()
console.log(
  `${said.join(', ')}: ${NEW} tokens each are those of the model; 0 of ${compared} weights differ in onnxruntime-web`,
)
