// How well a model foresees a text, and how far it is from another. Comes in: weights in an engine, batches.
// Goes out: loss, perplexity, bits a byte; divergence and agreement.
// Source: docs/design/18-language.md, what a loss is. KL: Kullback and Leibler, 1951.

import { leafOf, type Engine, type ForwardStep, type Tree } from '@lotion/core'
import { IGNORED_TARGET, type CausalModel } from '@lotion/models'
import * as tf from '@tensorflow/tfjs-core'
import type { JudgedText } from './judged-text.js'

/** What is found. */
export interface Evaluation {
  /** Mean of −log p over the tokens that are judged, in nats. */
  readonly loss: number
  /** e^loss. */
  readonly perplexity: number
  /** Bits that each byte of the text would take: loss · tokens / bytes / log 2. */
  readonly bitsPerByte: number
  /** Tokens that are judged: all but the first. */
  readonly tokens: number
  /** Bytes of their text in UTF-8; control tokens have none. */
  readonly bytes: number
  /** Tokens of a window. */
  readonly context: number
  /** Beside a reference. */
  readonly reference?: ReferenceEvaluation
}

/** How a model compares to a reference, on the same tokens. */
export interface ReferenceEvaluation {
  /** That of the reference, in nats. */
  readonly loss: number
  /** Mean of Σ q log(q / p), q of the reference and p of the model, in nats. */
  readonly divergence: number
  /** Share of tokens whose likeliest follower both agree on. */
  readonly agreement: number
}

/** A model with its weights in the engine. */
export interface Judged {
  readonly model: CausalModel
  readonly params: Tree<Float32Array>
}

/** What is measured. */
export interface Measurement {
  readonly engine: Pick<Engine<tf.Tensor, Float32Array>, 'forward'>
  readonly judged: Judged
  readonly reference?: Judged
  readonly text: JudgedText
  readonly context: number
  readonly onProgress?: (tokens: number) => void
  readonly signal?: AbortSignal
}

/** Prefixes that keep the weights of two models apart. */
const [OURS, THEIRS] = ['model ', 'reference ']

/** Measure. Both models see the same windows, in one evaluation. @throws the signal's reason. */
export async function measured(options: Measurement): Promise<Evaluation> {
  const { judged, reference, text, context, onProgress, signal } = options
  const { forward, params } = reference === undefined ? alone(options) : beside(options, reference)
  const sums = { loss: 0, theirs: 0, divergence: 0, agreement: 0 }
  let tokens = 0
  try {
    for (const batch of text.batches) {
      signal?.throwIfAborted()
      const count = judged.model.terms(batch)
      const found = await forward.run(params, batch)
      for (const name of Object.keys(sums) as (keyof typeof sums)[])
        if (Object.hasOwn(found, name)) sums[name] += count * leafOf(found, name, 'outputs')[0]!
      tokens += count
      onProgress?.(tokens)
    }
  } finally {
    await forward.close()
  }
  const mean = (name: keyof typeof sums): number => sums[name] / tokens
  const loss = mean('loss')
  return Object.freeze<Evaluation>({
    loss,
    perplexity: Math.exp(loss),
    bitsPerByte: (loss * tokens) / text.bytes / Math.LN2,
    tokens,
    bytes: text.bytes,
    context,
    ...(reference === undefined
      ? {}
      : {
          reference: Object.freeze({
            loss: mean('theirs'),
            divergence: mean('divergence'),
            agreement: mean('agreement'),
          }),
        }),
  })
}

interface Step {
  readonly forward: ForwardStep<Float32Array>
  readonly params: Tree<Float32Array>
}

function alone({ engine, judged: { model, params } }: Measurement): Step {
  return {
    forward: engine.forward((weights, batch) => ({ loss: model.loss(weights, batch) }), 'loss', model.ids),
    params,
  }
}

function beside({ engine, judged }: Measurement, reference: Judged): Step {
  const renamed = <T>(prefix: string, tree: Tree<T>): Tree<T> =>
    Object.fromEntries(Object.entries(tree).map(([name, leaf]) => [`${prefix}${name}`, leaf]))
  const chosen = (prefix: string, tree: Tree<tf.Tensor>): Tree<tf.Tensor> =>
    Object.fromEntries(
      Object.entries(tree).flatMap(([name, leaf]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), leaf]] : [],
      ),
    )
  const compare = (weights: Tree<tf.Tensor>, batch: Tree<tf.Tensor>): Tree<tf.Tensor> => {
    const [ours, theirs] = [chosen(OURS, weights), chosen(THEIRS, weights)]
    return {
      loss: judged.model.loss(ours, batch),
      theirs: reference.model.loss(theirs, batch),
      ...distances(
        judged.model.logits(ours, batch),
        reference.model.logits(theirs, batch),
        leafOf(batch, 'y', 'batch'),
      ),
    }
  }
  return {
    forward: engine.forward(compare, 'loss beside a reference', judged.model.ids),
    params: { ...renamed(OURS, judged.params), ...renamed(THEIRS, reference.params) },
  }
}

/** Means over the tokens whose targets count. */
function distances(ours: tf.Tensor, theirs: tf.Tensor, targets: tf.Tensor): Tree<tf.Tensor> {
  const [p, q] = [tf.logSoftmax(ours), tf.logSoftmax(theirs)]
  const same = tf.equal(tf.argMax(ours, -1), tf.argMax(theirs, -1))
  const counted = tf.cast(tf.notEqual(targets, tf.scalar(IGNORED_TARGET, 'int32')), 'float32')
  const mean = (each: tf.Tensor): tf.Tensor => tf.div(tf.sum(tf.mul(each, counted)), tf.sum(counted))
  return {
    divergence: mean(tf.sum(tf.mul(tf.exp(q), tf.sub(q, p)), -1)),
    agreement: mean(tf.cast(same, 'float32')),
  }
}
