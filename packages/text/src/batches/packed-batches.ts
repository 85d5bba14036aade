// Whole documents packed into rows. Comes in: documents as ids, with which of them count. Goes out: batches
// { x, y, segments } of shape [B, T]: y −100 across borders and where a token does not count, segments the
// document of each token, so that attention stays inside it.

import { integers, mapTree, uniforms, type Batch } from '@lotion/core'
import { checkExtents, checkWeights, chooser, type WindowExtents } from './token-batches.js'
import { IGNORED_TARGET } from './token-stream.js'

/** A document as ids. */
export interface TokenDocument {
  /** Of the whole document, or as many of the first as were asked for. */
  readonly ids: Int32Array
  /** For each id 1 where it is to be learnt, else 0. Default all. */
  readonly counts?: Uint8Array
}

/** Documents by number. */
export interface TokenDocuments {
  /** How many there are. */
  readonly length: number
  /**
   * Tell how many tokens one has, without reading it. Absent: it is read.
   * @param index Its number, from 0.
   */
  size?(index: number): number
  /**
   * Read one.
   * @param index Its number, from 0.
   * @param most Tokens that are looked at: more need not be given.
   */
  document(index: number, most?: number): TokenDocument
}

/** Documents and how often they are drawn from. */
export interface WeightedDocuments {
  /** At least one. */
  readonly documents: TokenDocuments
  /** Relative to the weights of the others. */
  readonly weight: number
}

/** Documents and extents of packed batches. */
export interface PackedBatchesOptions extends WindowExtents {
  /** At least one; or several lists by weight. */
  readonly documents: TokenDocuments | readonly WeightedDocuments[]
  /** Of the draws. */
  readonly seed: number
}

/** Documents and extents of packed rows for evaluation. */
export interface PackedWindowsOptions extends WindowExtents {
  /** At least one. */
  readonly documents: TokenDocuments
  /** How many rows at most. */
  readonly count: number
}

/** Documents tried for the room that is left in a row. */
const TRIES = 16

/**
 * Draw documents and pack them into rows: step → batch, by (seed, step) alone. A document longer than a row
 * is cut at its end; what is left of a row when nothing that was drawn fits is padding, which counts nowhere.
 * Every row has something to learn: one that would begin with a document without gives way to the next with.
 * @param options Documents, extents and seed.
 * @throws RangeError if there is no document, or none with something to learn in its first T tokens.
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
  const { batch, context } = extents
  const given = 'document' in documents ? [{ documents, weight: 1 }] : documents
  checkWeights('documents', given)
  const lists = given.filter(({ weight }) => weight > 0)
  for (const list of lists) learnableFrom(list.documents, 0, context)
  const choose = chooser(lists)
  return (step) => {
    const draws = lists.map((list) =>
      integers({ seed, stream: 'packed documents', step }, batch * TRIES, list.documents.length),
    )
    const choices =
      lists.length > 1 ? uniforms({ seed, stream: 'list of a document', step }, batch * TRIES) : undefined
    const made = emptyRows(batch, context)
    for (let row = 0; row < batch; row++) {
      const into = packer(made, row, context)
      for (let i = row * TRIES; i < (row + 1) * TRIES && into.room() > 0; i++) {
        const chosen = choices ? choose(choices[i]!) : 0
        const from = lists[chosen]!.documents
        const drawn = draws[chosen]![i]!
        if (into.room() === context) into.add(learnableFrom(from, drawn, context))
        else if (sizeOf(from, drawn) <= into.room()) into.add(from.document(drawn, context + 1))
      }
      into.end()
    }
    return batchOf(made, batch, context)
  }
}

/**
 * Pack documents for evaluation, in their order: each into the row before it if it fits, else into the next.
 * Rows without anything that counts are left out, and so is what is left of a batch at the end.
 * @param options Documents and extents; `count` rows at most.
 * @throws RangeError if `count` or an extent is no whole number of at least 1, or nothing in the rows counts.
 */
export function packedWindows({ documents, count, ...extents }: PackedWindowsOptions): Batch[] {
  checkExtents(extents)
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`count: expected a whole number of at least 1, found ${count}`)
  const { batch, context } = extents
  const rows: Rows[] = []
  let made = emptyRows(1, context)
  let into = packer(made, 0, context)
  const finish = (): void => {
    into.end()
    if (made.y.some((target) => target !== IGNORED_TARGET)) rows.push(made)
    made = emptyRows(1, context)
    into = packer(made, 0, context)
  }
  for (let i = 0; i < documents.length && rows.length < count; i++) {
    const size = sizeOf(documents, i)
    if (into.room() < context && size > into.room()) finish()
    if (rows.length < count) into.add(documents.document(i, context + 1))
    if (i === documents.length - 1) finish()
  }
  if (rows.length === 0)
    throw new RangeError(
      `documents: expected something that counts in their first ${context} tokens, found nothing in ${documents.length} documents`,
    )
  const at = Math.min(batch, rows.length)
  return Array.from({ length: Math.floor(Math.min(count, rows.length) / at) }, (_, i) => {
    const joined = emptyRows(at, context)
    rows.slice(i * at, (i + 1) * at).forEach((row, r) => {
      for (const name of ['x', 'y', 'segments'] as const) joined[name].set(row[name], r * context)
    })
    return batchOf(joined, at, context)
  })
}

/** Rows under way, [rows, T] each. */
type Rows = Readonly<Record<'x' | 'y' | 'segments', Int32Array>>

const emptyRows = (rows: number, context: number): Rows => ({
  x: new Int32Array(rows * context),
  y: new Int32Array(rows * context).fill(IGNORED_TARGET),
  segments: new Int32Array(rows * context),
})

const batchOf = (rows: Rows, batch: number, context: number): Batch =>
  mapTree(rows, (data) => ({ data, shape: [batch, context] }))

/** Put documents into a row, one behind the other. */
function packer(rows: Rows, row: number, context: number) {
  const start = row * context
  let [at, segment] = [0, 0]
  return {
    /** Tokens that still fit. */
    room: (): number => context - at,
    add: ({ ids, counts }: TokenDocument): void => {
      const length = Math.min(ids.length, context - at)
      for (let t = 0; t < length; t++) {
        const to = start + at + t
        rows.x[to] = ids[t]!
        rows.segments[to] = segment
        if (t + 1 < ids.length && (counts?.[t + 1] ?? 1) === 1) rows.y[to] = ids[t + 1]!
      }
      at += length
      segment++
    },
    /** What is left is a document of its own, of which nothing counts. */
    end: (): void => void rows.segments.fill(segment, start + at, start + context),
  }
}

const sizeOf = (documents: TokenDocuments, index: number): number =>
  documents.size?.(index) ?? documents.document(index).ids.length

/** The first document with something to learn in a row, from one on and around. */
function learnableFrom(documents: TokenDocuments, first: number, context: number): TokenDocument {
  for (let i = 0; i < documents.length; i++) {
    const document = documents.document((first + i) % documents.length, context + 1)
    const { ids, counts } = document
    for (let t = 1; t < ids.length && t <= context; t++) if ((counts?.[t] ?? 1) === 1) return document
  }
  throw new RangeError(
    documents.length < 1
      ? 'documents: expected at least one, found none'
      : `documents: expected one with something to learn in its first ${context} tokens, found none among ${documents.length}`,
  )
}
