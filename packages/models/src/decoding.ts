// A model's state while it goes on with a text: what it keeps of the tokens that it has read, so that each
// further one costs one evaluation of one token. Comes in: a model, an engine, weights. Goes out: logits.
// Source: docs/design/16-models.md, the cache.

import { leafOf, type Engine, type Tree } from '@lotion/core'
import type * as tf from '@tensorflow/tfjs-core'
import type { CausalModel } from './architectures/define-architecture.js'

/** What is opened. */
export interface DecodingOptions {
  /** What goes on with the text. */
  readonly model: CausalModel
  /** Compiles the step, and makes the memory of what is kept. */
  readonly engine: Pick<Engine<tf.Tensor, Float32Array>, 'allocate' | 'forward'>
  /** Weights by name, made by the engine; they are not changed. */
  readonly params: Tree<Float32Array>
  /** For how many tokens there is room. Default the model's context, which is the most. */
  readonly rows?: number
}

/** A text under way. */
export interface Decoding {
  /** For how many tokens there is room. */
  readonly rows: number
  /**
   * Give the logits of the token that follows: a copy, of the vocabulary's length. What of the ids was read
   * by the last call is not read again, as far as they begin alike.
   * @param ids At least one; of more than `rows` the last ones are read, at least three quarters of `rows`.
   */
  next(ids: readonly number[]): Promise<Float32Array>
  /** Forget all that was read. */
  clear(): void
  /** Free the compiled steps. */
  close(): Promise<void>
}

/** Tokens of a prompt that are read at once. */
const CHUNK = 64

/** Fewer are read one by one: what a chunk is filled up with costs too. */
const FEWEST = 8

/**
 * Open a text. Keys and values of the tokens that were read lie in the engine's memory, are read there, and
 * one row of each is written a token: what a token takes does not depend on how many came before. When there
 * is no more room, the last three quarters are read again, from position 0 on: the text slides.
 * @throws RangeError if `rows` is no whole number from 1 to the context.
 * @example
 * ```ts
 * import { continuation, llama, openDecoding } from '@lotion/models'
 * import { byteTokenizer } from '@lotion/text'
 * import { eagerEngine } from '@lotion/tfjs'
 *
 * const tokenizer = byteTokenizer()
 * const model = llama({ vocabulary: tokenizer.vocabulary, dimension: 32, layers: 1, heads: 4, context: 16 })
 * const engine = eagerEngine()
 * const params = engine.allocate(model.shapes)
 * for (const [name, weights] of Object.entries(model.init(1))) params[name]!.set(weights)
 * const { next, close } = openDecoding({ model, engine, params })
 * const prompt = tokenizer.encode('Fellow')
 * const { vocabulary } = tokenizer
 * for await (const id of continuation({ next, vocabulary, prompt, length: 4, temperature: 0.8, seed: 1 }))
 *   console.log(tokenizer.decode([id]))
 * await close()
 * ```
 */
export function openDecoding({ model, engine, params, rows }: DecodingOptions): Decoding {
  const { context, vocabulary } = model.config
  const room = rows ?? context
  if (!Number.isInteger(room) || room < 1 || room > context)
    throw new RangeError(`rows: expected a whole number from 1 to context = ${context}, found ${room}`)
  const slide = Math.max(1, Math.floor(room / 4))
  const shapes = model.cacheShapes(room)
  const cache = engine.allocate(shapes)
  const all = { ...params, ...cache }
  const forward = engine.forward(
    (inputs, batch) => model.step({ ...inputs }, batch),
    `${model.name}, a token`,
  )
  let read: number[] = []

  const keep = (outputs: Tree<Float32Array>, count: number, width: number): void => {
    for (const [name, array] of Object.entries(cache)) {
      const fresh = leafOf(outputs, name, 'outputs of the step')
      const [heads, , size] = shapes[name] as readonly [number, number, number]
      for (let head = 0; head < heads; head++) {
        const from = head * width * size
        array.set(fresh.subarray(from, from + count * size), (head * room + read.length) * size)
      }
    }
  }
  const feed = async (ids: readonly number[], width: number): Promise<Float32Array> => {
    const x = new Int32Array(width)
    x.set(ids)
    const outputs = await forward.run(all, {
      x: { data: x, shape: [1, width] },
      read: { data: Int32Array.of(read.length), shape: [1] },
      last: { data: Int32Array.of(ids.length - 1), shape: [1] },
    })
    keep(outputs, ids.length, width)
    read.push(...ids)
    return leafOf(outputs, 'logits', 'outputs of the step')
  }
  return Object.freeze({
    rows: room,
    async next(ids: readonly number[]) {
      if (ids.length === 0) throw new RangeError('ids: expected at least one token id, found none')
      const seen = ids.slice(Math.ceil(Math.max(0, ids.length - room) / slide) * slide)
      const differs = read.findIndex((id, i) => id !== seen[i])
      const alike = differs < 0 ? read.length : differs
      // The last one is read in any case: its logits are not kept.
      read = read.slice(0, Math.min(alike, seen.length - 1))
      let logits: Float32Array | undefined
      while (read.length < seen.length) {
        const rest = seen.slice(read.length, read.length + CHUNK)
        const single = rest.length < FEWEST
        logits = await feed(single ? rest.slice(0, 1) : rest, single ? 1 : Math.min(CHUNK, room))
      }
      if (logits?.length !== vocabulary)
        throw new RangeError(`logits: expected ${vocabulary} values, found ${logits?.length ?? 'none'}`)
      return logits.slice()
    },
    clear() {
      read = []
    },
    close: () => forward.close(),
  })
}
