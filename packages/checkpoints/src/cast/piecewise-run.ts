// A formula over a tensor of any size, with the memory of a piece. Comes in: a formula, the tensor's weights
// and blocks. Goes out: the outputs of one piece after the other, bit for bit those of the whole tensor.
// Source: docs/design/11-files.md.

import { trace, type BlockLayout, type LaneFn, type RandomKey, type Tree } from '@lotion/core'
import { isMaximum, isReduction } from '@lotion/core/internal'
import type { CpuExecutor } from '@lotion/cpu'
import { acrossPieces, type AcrossPieces } from './across-pieces.js'
import { piecesOf, type Piece } from './tensor-pieces.js'
import type { WeightReader } from './weight-reader.js'

/** Weights that are held at once where a tensor cannot be cut: 1 GiB of f32. */
const MOST_AT_ONCE = 2 ** 28

/** What a formula made of a piece. */
export interface PieceResult {
  readonly piece: Piece
  /** The weights that went in. */
  readonly weights: Float32Array
  /** Valid until the next piece is asked for. */
  readonly outputs: Tree<Float32Array>
}

/** A formula over single tensors. Its inputs are `w` and, with draws, `u`. */
export interface PiecewiseRun {
  /** How a tensor is cut. @throws if it cannot be, and is too large to be held. */
  pieces(reader: WeightReader, layout: BlockLayout): readonly Piece[]
  /** The whole tensor as one piece. @throws if it is too large to be held. */
  whole(reader: WeightReader, layout: BlockLayout): readonly Piece[]
  /** Run over the pieces, in the order of memory. Default: `pieces(reader, layout)`. */
  over(reader: WeightReader, layout: BlockLayout, pieces?: readonly Piece[]): AsyncGenerator<PieceResult>
}

/** How a formula is run. */
export interface PiecewiseOptions {
  /** The key of a tensor's draws, by its name. Default: there are none. */
  readonly draws?: ((name: string) => RandomKey) | undefined
  /** Weights of a piece, about. The results do not depend on it. */
  readonly pieceWeights?: number | undefined
}

/** Make a formula run in pieces. */
export function piecewiseRun(
  executor: CpuExecutor,
  fn: LaneFn,
  { draws, pieceWeights }: PiecewiseOptions = {},
): PiecewiseRun {
  const splits = {
    tensor: acrossPieces(fn, 'tensor'),
    'tensor and block': acrossPieces(fn, 'tensor and block'),
  } as const
  const ofTensor = trace(fn).nodes.some((node) => isReduction(node, 'tensor') && isMaximum(node))
  const input = memoryOf((length) => executor.zeros([length]))
  const outputs = new Map(fn.outputs.map((name) => [name, memoryOf((length) => new Float32Array(length))]))
  const rates = trace(fn).outputs

  /** The two passes of a tensor that is cut into these pieces; nothing if it has to be held whole. */
  const splitFor = (pieces: readonly Piece[]): AcrossPieces | undefined => {
    if (pieces[0]?.partOf === undefined) return splits.tensor
    // A maximum of the tensor and maxima of several blocks would be two things by one name.
    return ofTensor && pieces.at(-1)!.partOf !== 0 ? undefined : splits['tensor and block']
  }

  const held = (reader: WeightReader, layout: BlockLayout, pieces: readonly Piece[]): readonly Piece[] => {
    const most = pieces.reduce((largest, { count }) => Math.max(largest, count), 0)
    if (most > MOST_AT_ONCE) {
      throw new RangeError(
        `'${reader.name}': expected at most ${MOST_AT_ONCE} weights that have to be held at once, found ${most} in blocks of ${layout.size}; ` +
          "choose smaller blocks, blocks along the last axis (option 'axis' -1) or a scale that is a maximum, such as absmax",
      )
    }
    return pieces
  }

  const whole = (reader: WeightReader, layout: BlockLayout): readonly Piece[] =>
    held(reader, layout, [{ first: 0, count: reader.count, layout }])

  const cut = (reader: WeightReader, layout: BlockLayout): readonly Piece[] => {
    const pieces = piecesOf(layout, pieceWeights)
    return pieces.length > 1 && !splitFor(pieces) ? whole(reader, layout) : held(reader, layout, pieces)
  }

  const load = async (reader: WeightReader, { first, count }: Piece): Promise<Tree<Float32Array>> => {
    const w = await reader.read(first, input(count))
    if (!draws) return { w }
    // Draws are made in groups of eight, each wherever it is wanted.
    const before = first % 8
    const u = executor.uniforms(draws(reader.name), count + before, first - before)
    return { w, u: before === 0 ? u : u.slice(before) }
  }

  const run = (
    formula: LaneFn,
    { layout, count }: Piece,
    inputs: Tree<Float32Array | number>,
  ): Tree<Float32Array> => {
    const into = Object.fromEntries(
      Object.entries(rates).map(([name, { rate }]) => {
        const length = rate === 'element' ? count : rate === 'block' ? layout.blocks : 1
        return [name, outputs.get(name)!(length)]
      }),
    )
    return executor.lanes([{ fn: formula, inputs, layout, into }])[0]!
  }

  async function* over(
    reader: WeightReader,
    layout: BlockLayout,
    pieces = cut(reader, layout),
  ): AsyncGenerator<PieceResult> {
    const split = pieces.length > 1 ? splitFor(pieces)! : { maxima: [], run: fn }
    for (const scope of scopesOf(pieces)) {
      const scalars: Record<string, number> = {}
      for (const maxima of split.maxima) {
        const found = maxima.outputs.map(() => 0)
        for (const piece of scope) {
          const inputs = await load(reader, piece)
          const needed = Object.fromEntries(maxima.inputs.map((name) => [name, inputs[name]!]))
          const [out] = executor.lanes([
            { fn: maxima, inputs: { ...needed, ...scalars }, layout: piece.layout },
          ])
          maxima.outputs.forEach((name, i) => (found[i] = Math.max(found[i]!, out![name]![0]!)))
        }
        maxima.outputs.forEach((name, i) => (scalars[name] = found[i]!))
      }
      for (const piece of scope) {
        const inputs = await load(reader, piece)
        yield { piece, weights: inputs['w']!, outputs: run(split.run, piece, { ...inputs, ...scalars }) }
      }
    }
  }

  return Object.freeze({ pieces: cut, whole, over })
}

/** Pieces that decide maxima together: all of a tensor, or those of one large block. */
function scopesOf(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  if (pieces[0]?.partOf === undefined) return [pieces]
  const scopes: Piece[][] = []
  for (const piece of pieces) (scopes[piece.partOf!] ??= []).push(piece)
  return scopes
}

/** An array that is made again only when a longer one is wanted. */
function memoryOf(make: (length: number) => Float32Array): (length: number) => Float32Array {
  let memory = make(0)
  return (length) => {
    if (memory.length < length) memory = make(2 ** Math.ceil(Math.log2(length)))
    return memory.subarray(0, length)
  }
}
