// A model on its way to another runtime, in no layout yet. Comes in: weights as they were cast, the words of
// config.json, the tokenizer's files. Goes out: what every target is written from.
// Source: docs/design/19-export.md.

import type { BlockAxis, NumberFormat, Shape } from '@lotion/core'
import type { Quantized } from '@lotion/formats'

/** The grid that the weights of a tensor lie on. */
export interface ExportGrid {
  /** With the scale rule and the blocks of the cast. */
  readonly format: NumberFormat
  /** What blocks run along. */
  readonly axis: BlockAxis
}

/** One weight of a model; matrices are [out, in], whatever a target stores. */
export interface ExportTensor {
  /** As Hugging Face calls it: `model.layers.0.self_attn.q_proj.weight`. */
  readonly name: string
  /** Of the weights. */
  readonly shape: Shape
  /** Whether checkpoints of Hugging Face store it the other way round, [in, out]. Default false. */
  readonly transposed?: boolean
  /** Absent where the weights are on no grid: they are f32 numbers. */
  readonly grid?: ExportGrid
  /** The weights in f32 and row-major order: those of the cast, where there was one. */
  read(): Promise<Float32Array>
  /**
   * Grid points and scales whose products are the numbers of `read`, each of them, with +0 for −0.
   * @throws RangeError where the tensor is on no grid, or its scales cannot be told.
   */
  quantized(): Promise<Quantized>
}

/** The tokenizer of a model, as Hugging Face writes it down. */
export interface ExportTokenizer {
  /** A parsed tokenizer.json. */
  readonly json: Readonly<Record<string, unknown>>
  /** A parsed tokenizer_config.json: `bos_token`, `eos_token`, `chat_template` and so on. */
  readonly config: Readonly<Record<string, unknown>>
}

/** A causal language model that is to be exported. */
export interface ExportModel {
  /** For people, and for the files that have a place for it. */
  readonly name: string
  /** A parsed config.json with every key that decides what is computed: `model_type`, `hidden_size`, … */
  readonly config: Readonly<Record<string, unknown>>
  /** The one that it was trained with. */
  readonly tokenizer: ExportTokenizer
  /** Ids that end a text. */
  readonly ends: readonly number[]
  /** All weights, in the order of the model; a tied head is not among them. */
  readonly tensors: readonly ExportTensor[]
}
