// What may be typed after an export. Comes in: what was written, for whom. Goes out: lines that work where
// the reader stands.

import { shellWord } from '@lotion/cli/internal'
import type { ExportModel, ExportTarget } from '@lotion/export'

/** What was written. */
interface Exported {
  /** The model, as it was typed. */
  readonly path: string
  /** The file or folder. */
  readonly place: string
  readonly target: ExportTarget
  readonly model: ExportModel
  /** Whether the weights were cast for it, so that they are others than those of `path`. */
  readonly isCast: boolean
  /** How the command is typed. */
  readonly typed: string
}

/** Files that this command line reads too, by their target. */
const readable: readonly string[] = ['gguf', 'hf', 'compressed-tensors', 'mlx', 'onnx']

/** Those of them whose weights it compares alone. */
const compared: readonly string[] = ['onnx']

/** Lines to go on with. */
export function afterExport({ path, place, target, model, isCast, typed }: Exported): string {
  if (!readable.includes(target.name)) return ''
  const file = shellWord(place)
  const chats = model.tokenizer.config['chat_template'] !== undefined
  const engine = target.name === 'gguf' ? ' --engine llama.cpp' : ''
  const compares = [`inspect ${file} --against ${shellWord(path)}`, 'counts the weights that differ'] as const
  const runs = [`${chats ? 'chat' : 'generate'} ${file}${engine}`, 'runs it'] as const
  // Its layout divides where training multiplies: it is the same in bf16, which inspect does not compare.
  const isOther =
    target.name === 'compressed-tensors' &&
    model.tensors.some(({ grid }) => grid?.format.scale.tensorBits !== undefined)
  const lines = [...(isCast || isOther ? [] : [compares]), ...(compared.includes(target.name) ? [] : [runs])]
  if (lines.length === 0) return ''
  const width = Math.max(...lines.map(([words]) => words.length))
  return [
    '',
    'what to do next',
    ...lines.map(([words, what]) => `  ${typed} ${words.padEnd(width)}  ${what}`),
    '',
  ].join('\n')
}
