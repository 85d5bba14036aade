// Losses by llama.cpp itself. Comes in: how a model is written, texts that it never saw. Goes out: nats a
// token; kept beside the runs, so that nothing is measured twice. The GGUF file is removed: F32 is large.

import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import type { ComparedText } from './cells.js'
import { lotion } from './lotion.js'

/** How a model is written and judged. */
export interface Judged {
  /** Where the losses are kept: the beginning of the paths. */
  readonly keep: string
  readonly text: ComparedText
  readonly tokens: number
  readonly context: number
  /** Writes the GGUF file. */
  readonly write: (file: string) => Promise<void>
}

const losses = z.object({ choose: z.number(), test: z.number() })

/** Nats a token on the text to choose by and on the one to judge by. */
export type Losses = z.infer<typeof losses>

const printed = z.object({ loss: z.number() })

/** The losses of a model, as the weights of its file are. */
export async function lossesOf({ keep, text, tokens, context, write }: Judged): Promise<Losses> {
  const path = `${keep}.json`
  if (!existsSync(path)) {
    const file = `${keep}.gguf`
    rmSync(file, { force: true })
    await write(file)
    const on = async (data: string): Promise<number> => {
      const words = ['--tokens', String(tokens), '--context', String(context), '--json']
      const line = await lotion('eval', file, '--engine', 'llama.cpp', '--data', data, ...words)
      return printed.parse(JSON.parse(line)).loss
    }
    const found: Losses = { choose: await on(text.choose), test: await on(text.test) }
    rmSync(file)
    // Whole or not at all.
    writeFileSync(`${path}.part`, JSON.stringify(found))
    renameSync(`${path}.part`, path)
  }
  return losses.parse(JSON.parse(readFileSync(path, 'utf8')))
}
