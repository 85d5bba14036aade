// How numbers of a format stand in files. Comes in: nothing. Goes out: types only.
// Source: docs/design/03-formats-and-methods.md.

/** A code of at most 8 bits for every grid point. */
export interface ElementCodes {
  /** Bits of one code, 1 to 8. */
  readonly bits: number
  /** @param value A grid point, in units of the grid. @throws if the value has no code. */
  encode(value: number): number
  /** The value of a code; NaN if it stands for none. @param code A whole number, 0 … 2^bits − 1. */
  decode(code: number): number
  /**
   * See values as what they are encoded from; made once for an array.
   * @param values Grid points, read where they lie when the encoder runs.
   */
  encoder(values: Float32Array): Encoder
  /** The values of all codes in order, NaN for codes without one. */
  readonly table: Float32Array
}

/**
 * Encode `count` values from `from` on, `stride` apart, into bytes of `out` from `at` on, a code each.
 * @param from Position of the first value.
 * @param stride Distance from a value to the next, in values.
 * @param count How many values.
 * @param out Where the codes go, a byte each.
 * @param at Position of the first code.
 * @throws if a value has no code.
 */
export type Encoder = (from: number, stride: number, count: number, out: Uint8Array, at: number) => void

/** A number of some bytes for every scale of a rule. */
export interface ScaleCodes {
  /** Name of the number type, such as `f16`. */
  readonly name: string
  /** Bytes of one stored scale. */
  readonly bytes: number
  /**
   * @param to The stream of scales.
   * @param at Position of the first byte.
   * @param scale One scale, in units of the weights.
   * @throws if the scale has no code.
   */
  write(to: DataView, at: number, scale: number): void
  /**
   * Read the scale stored at a byte.
   * @param from The stream of scales.
   * @param at Position of the first byte.
   * @throws if the code stands for no finite number.
   */
  read(from: DataView, at: number): number
}

/** The codes that a format is stored as. */
export interface StoredCodes {
  /** Codes of the grid points, one a weight. */
  readonly codes: ElementCodes
  /** None if the scale is part of the format. */
  readonly scale?: ScaleCodes
  /** If scales have two levels: the one of the tensor. */
  readonly tensorScale?: ScaleCodes
  /** Scale and codes of a block stand together, as in GGUF, and not in arrays of their own. */
  readonly together?: true
}
