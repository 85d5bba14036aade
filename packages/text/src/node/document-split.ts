// Text to learn from and text to judge by, never the same. Comes in: the documents of a shard. Goes out: two
// streams over them, read in parts.

import { randomWords } from '@lotion/core/internal'
import type { TokenDocuments } from '../batches/packed-batches.js'
import type { TokenStream } from '../batches/token-stream.js'
import type { Shard } from './shard.js'

/** Some of the tokens of a shard, as a stream and as documents. */
export interface TextPart {
  /** The tokens, one document after the other. */
  readonly tokens: TokenStream
  /** The same, and which of them count: of messages those that the assistant wrote, of other text all. */
  readonly counted: TokenStream
  /** The documents, each whole. */
  readonly documents: TokenDocuments
}

/** The two parts of a text. */
export interface SplitText {
  /** What is learnt from. */
  readonly training: TextPart
  /** What is held back. */
  readonly validation: TextPart
  /** Both, as they were read. */
  readonly whole: TextPart
}

/**
 * Split by document. Rule: each document draws a keyed random word; the ⌈fraction · n⌉ with the smallest
 * words are validation. Of a single document the last part, by tokens, is.
 */
export function splitShard(shard: Shard, fraction: number, seed: number): SplitText {
  const { bounds } = shard
  const documents = bounds.length - 1
  const all = Array.from({ length: documents }, (_, i): Range => [bounds[i]!, bounds[i + 1]!])
  const whole = partOf(shard, all)
  if (documents === 1) {
    const cut = shard.length - Math.ceil(fraction * shard.length)
    return { training: partOf(shard, [[0, cut]]), validation: partOf(shard, [[cut, shard.length]]), whole }
  }
  const words = randomWords({ seed, stream: 'split by document' }, documents)
  const order = Array.from(words.keys()).sort((a, b) => words[a]! - words[b]! || a - b)
  const count = Math.ceil(fraction * documents)
  if (count >= documents)
    throw new RangeError(
      `validation: expected a share that leaves documents to train on, found ${fraction} of ${documents}`,
    )
  const held = new Set(order.slice(0, count))
  const ranges = (kept: boolean): readonly Range[] => all.filter((_, i) => held.has(i) === kept)
  return { training: partOf(shard, ranges(false)), validation: partOf(shard, ranges(true)), whole }
}

type Range = readonly [from: number, to: number]

function partOf(shard: Shard, ranges: readonly Range[]): TextPart {
  const starts = new Float64Array(ranges.length + 1)
  ranges.forEach(([from, to], i) => (starts[i + 1] = starts[i]! + to - from))
  const length = starts.at(-1)!
  const rangeAt = (position: number): number => {
    let [low, high] = [0, ranges.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= position) low = middle
      else high = middle
    }
    return low
  }
  const fill = <A extends Int32Array | Uint8Array>(
    out: A,
    from: number,
    part: (from: number, to: number) => A,
  ): A => {
    const to = from + out.length
    for (let [at, i] = [from, rangeAt(from)]; at < to; i++) {
      const end = Math.min(to, starts[i + 1]!)
      const shift = ranges[i]![0] - starts[i]!
      out.set(part(at + shift, end + shift), at - from)
      at = end
    }
    return out
  }
  const read = (from: number, to: number): Int32Array => fill(new Int32Array(to - from), from, shard.read)
  const counts = (from: number, to: number): Uint8Array => fill(new Uint8Array(to - from), from, shard.counts)
  return {
    tokens: { length, read },
    counted: { length, read, counts },
    documents: {
      length: ranges.length,
      size: (i) => ranges[i]![1] - ranges[i]![0],
      document: (i, most = Infinity) => {
        const [from, to] = ranges[i]!
        return shard.part(from, Math.min(to, from + most))
      },
    },
  }
}
