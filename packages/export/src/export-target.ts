// Targets of an export as plug-ins. Comes in: a name, what it holds, how its files are made. Goes out: a
// frozen record. Source: docs/design/19-export.md.

import { checkRecord } from '@lotion/core/internal'
import type { ExportModel } from './export-model.js'

/** What the weights are stored as that are on no grid. */
export type FloatType = 'F32' | 'F16' | 'BF16'

/** How an export is made. */
export interface ExportOptions {
  /** Type of the weights that are on no grid. Default F32; narrower types are refused where they round. */
  readonly dtype?: FloatType
  /**
   * Write weights of formats that the target does not hold as such numbers too: the same ones, in more bytes.
   * Default: they are refused.
   */
  readonly unpacked?: boolean
}

/** One file of an export, its bytes made when they are asked for. */
export interface ExportFile {
  /** Below the folder of the export, with `/`; of a target that is one file, its usual name. */
  readonly name: string
  /** Bytes that there will be. */
  readonly size: number
  /** What is in it, for people: `14 × Q4_0, 7 × F32`. Default: its name says it. */
  readonly contents?: string
  /** The bytes in order; a piece is valid until the next is asked for. */
  pieces(): AsyncIterable<Uint8Array>
}

/** A runtime's layout of a model. */
export interface ExportTarget {
  /** Its word: `gguf`. */
  readonly name: string
  /** For people: `GGUF, for llama.cpp, Ollama, LM Studio`. */
  readonly title: string
  /** Whether it is one file, or a folder of them. */
  readonly kind: 'file' | 'folder'
  /**
   * Lay a model out. Nothing is written: whoever calls writes the files, or sends them.
   * @param model Whose weights are read when a file's bytes are asked for.
   * @param options Of the weights that are on no grid.
   * @throws RangeError before any bytes are made: naming the tensor and the format that the target does not
   * hold, which it holds and what would be lost; or what of the configuration or the tokenizer it has no
   * place for.
   */
  files(model: ExportModel, options?: ExportOptions): Promise<readonly ExportFile[]>
}

/**
 * Make a target. The record is frozen.
 * @param target Its name, what people read of it, and how its files are made.
 * @throws TypeError if a member is unknown, missing or of another type.
 */
export function defineExportTarget(target: ExportTarget): ExportTarget {
  checkRecord('defineExportTarget', target, {
    name: 'string',
    title: 'string',
    kind: 'string',
    files: 'function',
  })
  return Object.freeze({ ...target })
}
