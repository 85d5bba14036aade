// onnxruntime as a judge. Comes in: the bytes of a file, arrays. Goes out: what its own operators make of
// them.

import { onnxMessages, protobuf } from '@lotion/core/internal'
import type { ExportFile } from '../src/index.js'
import type { DecoderConfig } from '../src/onnx/decoder-config.js'

// It sends telemetry from version 1.29 on, unless this is set before it is loaded.
process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
const { InferenceSession, Tensor } = await import('onnxruntime-node')

/** All bytes of a file. */
export async function bytesOf(file: ExportFile): Promise<Uint8Array> {
  const bytes = new Uint8Array(file.size)
  let at = 0
  for await (const piece of file.pieces()) {
    bytes.set(piece, at)
    at += piece.length
  }
  if (at !== file.size) throw new Error(`${file.name}: expected ${file.size} bytes, found ${at}`)
  return bytes
}

/** A file whose weights are outputs, too: of a field that is there twice protobuf joins what it holds. */
export function withOutputs(
  file: Uint8Array,
  shapes: Readonly<Record<string, readonly number[]>>,
): Uint8Array {
  const outputs = Object.entries(shapes).map(([name, shape]) =>
    onnxMessages.valueField('output', { name, dtype: 'float32', shape }),
  )
  return protobuf.joined([file, protobuf.message(7, ...outputs)])
}

/** What is asked of a decoder. */
export interface DecoderCall {
  /** Ids of the new tokens, a row each. */
  readonly ids: readonly (readonly number[])[]
  /** Where rows begin: what stands before is padding. Default: at 0. */
  readonly begins?: readonly number[]
  /** What an earlier call left. Default: nothing is kept. */
  readonly kept?: DecoderAnswer
  /** More outputs that are wanted. */
  readonly wanted?: readonly string[]
}

/** What a decoder answers. */
export interface DecoderAnswer {
  readonly logits: Float32Array
  /** Tokens that are kept. */
  readonly length: number
  readonly outputs: Readonly<Record<string, InstanceType<typeof Tensor>>>
  /** Outputs that were asked for. */
  array(name: string): Float32Array
}

/** Open a decoder's file. */
export async function openDecoder(file: Uint8Array, { layers, kvHeads, headDimension }: DecoderConfig) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 3 })
  const call = async ({ ids, begins, kept }: DecoderCall): Promise<DecoderAnswer> => {
    const [rows, tokens, past] = [ids.length, ids[0]!.length, kept?.length ?? 0]
    const int64 = (values: readonly number[], shape: readonly number[]) =>
      new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
    const all = past + tokens
    const isText = (row: number, at: number) => at >= (begins?.[row] ?? 0)
    const each = (length: number, value: (row: number, at: number) => number) =>
      ids.flatMap((_, row) => Array.from({ length }, (__, at) => value(row, at)))
    const feeds: Record<string, InstanceType<typeof Tensor>> = {
      input_ids: int64(ids.flat(), [rows, tokens]),
      attention_mask: int64(
        each(all, (row, at) => Number(isText(row, at))),
        [rows, all],
      ),
      position_ids: int64(
        each(tokens, (row, at) => Math.max(0, past + at - (begins?.[row] ?? 0))),
        [rows, tokens],
      ),
    }
    for (let layer = 0; layer < layers; layer++)
      for (const part of ['key', 'value'])
        feeds[`past_key_values.${layer}.${part}`] =
          kept?.outputs[`present.${layer}.${part}`] ??
          new Tensor('float32', new Float32Array(0), [rows, kvHeads, 0, headDimension])
    const outputs = await session.run(feeds)
    const array = (name: string) => outputs[name]!.data as Float32Array
    return { logits: array('logits'), length: all, outputs, array }
  }
  return { call, close: () => session.release() }
}
