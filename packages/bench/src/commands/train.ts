// Command: train a language model on text of one's own. Comes in: options. Goes out: a run.
// Source: docs/design/04-bench.md; it is the task `text` under a name of its own.

import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomic } from '@lotion/checkpoints'
import type { TextSource } from '@lotion/text/node'
import { text } from '../tasks/text.js'
import { runCommand } from './run-command.js'

/** Standard input, as a source. */
const STANDARD_INPUT = '-'

/** Keep standard input in a file named by its content, since a run that goes on reads its text again. */
async function kept(input: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of input) pieces.push(piece)
  const bytes = Buffer.concat(pieces)
  const folder = join('runs', '.cache', 'input')
  const path = join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.txt`)
  await mkdir(folder, { recursive: true })
  await writeAtomic(path, bytes)
  return path
}

/** What a person uses for work. */
export const train = runCommand(text, {
  path: ['train'],
  out: 'runs/train',
  examples: [
    'lotion train --data notes.txt --format q4_0 --out mine',
    "lotion train --data 'books/*.txt,chats.jsonl' --model micro --tokenizer r50k_base",
    'lotion train --data notes.txt --model SmolLM2-135M-Instruct --steps 60 --batch 2 --lr 1e-4',
  ],
  prepare: async (own) => {
    const data = own['data'] as readonly TextSource[]
    if (!data.some(({ path }) => path === STANDARD_INPUT)) return own
    const path = await kept(process.stdin)
    return {
      ...own,
      data: data.map((source) => (source.path === STANDARD_INPUT ? { ...source, path } : source)),
    }
  },
  closing: [['generate RUN', 'let the model go on with a text']],
})
