// Whole documents packed into rows. Comes in: documents as ids, with which of them count. Goes out: batches
// { x, y, segments } of shape [B, T]: y −100 across borders and where a token does not count, segments the
// document of each token, so that attention stays inside it.

import { integers, type Batch } from '@lotion/core'
import { checkExtents, type WindowExtents } from './token-batches.js'
import { IGNORED_TARGET } from './token-stream.js'

/** A document as ids. */
export interface TokenDocument {
  /** Of the whole document. */
  readonly ids: Int32Array
  /** For each id 1 where it is to be learnt, else 0. Default all. */
  readonly counts?: Uint8Array
}

/** Documents by number. */
export interface TokenDocuments {
  /** How many there are. */
  readonly length: number
  /**
   * Read one.
   * @param index Its number, from 0.
   */
  document(index: number): TokenDocument
}

/** Documents and extents of packed batches. */
export interface PackedBatchesOptions extends WindowExtents {
  /** At least one. */
  readonly documents: TokenDocuments
  /** Of the draws. */
  readonly seed: number
}

/** Documents tried for the room that is left in a row. */
const TRIES = 16

/**
 * Draw documents and pack them into rows: step → batch, by (seed, step) alone. A document longer than a row
 * is cut at its end; what is left of a row when nothing that was drawn fits is padding, which counts nowhere.
 * @param options Documents, extents and seed.
 * @throws RangeError if there is no document.
 * @example
 * ```ts
 * import { packedBatches } from '@lotion/text'
 *
 * const ids = [Int32Array.of(1, 2, 3), Int32Array.of(4, 5)]
 * const documents = { length: 2, document: (i: number) => ({ ids: ids[i]! }) }
 * const { segments } = packedBatches({ documents, batch: 1, context: 8, seed: 1 })(0)
 * console.log(segments!.shape) // [1, 8]
 * ```
 */
export function packedBatches({
  documents,
  seed,
  ...extents
}: PackedBatchesOptions): (step: number) => Batch {
  checkExtents(extents)
  if (documents.length < 1) throw new RangeError('documents: expected at least one, found none')
  const { batch, context } = extents
  return (step) => {
    const drawn = integers({ seed, stream: 'packed documents', step }, batch * TRIES, documents.length)
    const [x, y] = [new Int32Array(batch * context), new Int32Array(batch * context).fill(IGNORED_TARGET)]
    const segments = new Int32Array(batch * context)
    for (let row = 0; row < batch; row++) {
      let at = 0
      let segment = 0
      for (let i = 0; i < TRIES && at < context; i++) {
        const { ids, counts } = documents.document(drawn[row * TRIES + i]!)
        if (at > 0 && ids.length > context - at) continue
        const length = Math.min(ids.length, context - at)
        for (let t = 0; t < length; t++) {
          const to = row * context + at + t
          x[to] = ids[t]!
          segments[to] = segment
          if (t + 1 < ids.length && (counts?.[t + 1] ?? 1) === 1) y[to] = ids[t + 1]!
        }
        at += length
        segment++
      }
      segments.fill(segment, row * context + at, (row + 1) * context)
    }
    const shape = [batch, context]
    return { x: { data: x, shape }, y: { data: y, shape }, segments: { data: segments, shape } }
  }
}
