// Losses by llama.cpp itself. Comes in: a model, a text that it never saw. Goes out: nats a token; kept
// beside the runs, so that nothing is measured twice. The GGUF file is removed: in F32 it is large.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { lotion } from './lotion.js'

/** How a model is written and judged. */
export interface Judged {
  /** A run or a file. */
  readonly model: string
  /** Where the loss is kept. */
  readonly keep: string
  readonly text: string
  readonly tokens: number
  readonly context: number
  /** Writes the GGUF file. */
  readonly write: (model: string, file: string) => Promise<void>
}

const loss = z.object({ loss: z.number() })

/** The loss of a model, as the weights of its file are. */
export const lossOf = ({ model, keep, text, tokens, context, write }: Judged): Promise<number> =>
  keptLoss(keep, async () => {
    const file = `${keep}.gguf`
    rmSync(file, { force: true })
    await write(model, file)
    const words = ['--tokens', String(tokens), '--context', String(context), '--json']
    const printed = await lotion('eval', file, '--engine', 'llama.cpp', '--data', text, ...words)
    rmSync(file)
    return printed
  })

/** A loss that is measured once, and kept as `lotion eval` prints it. */
export async function keptLoss(keep: string, measure: () => Promise<string>): Promise<number> {
  if (!existsSync(keep)) {
    const printed = await measure()
    // Whole or not at all.
    writeFileSync(`${keep}.part`, printed)
    renameSync(`${keep}.part`, keep)
  }
  return loss.parse(JSON.parse(readFileSync(keep, 'utf8'))).loss
}
