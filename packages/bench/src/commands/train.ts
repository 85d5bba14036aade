// Command: train a language model on text of one's own. Comes in: options. Goes out: a run.
// Source: docs/design/04-bench.md; it is the task `text` under a name of its own.

import type { TextSource } from '@lotion/text/node'
import { keepInput } from '../language/kept-input.js'
import { STANDARD_INPUT, untilStopped } from '../language/standard-input.js'
import { text } from '../tasks/text.js'
import { runCommand } from './run-command.js'

/** What a person uses for work. */
export const train = runCommand(text, {
  path: ['train'],
  out: 'runs/train',
  examples: [
    'lotion train --data notes.txt --format q4_0 --out mine',
    "lotion train --data 'books/*.txt,chats.jsonl' --model micro --tokenizer r50k_base",
    'lotion train --data notes.txt --model SmolLM2-135M-Instruct --steps 60 --batch 2 --lr 1e-4',
  ],
  prepare: async (own, signal) => {
    const data = own['data'] as readonly TextSource[]
    const input = data.find(({ path }) => path === STANDARD_INPUT)
    if (!input) return { own }
    // With a field, it is lines of .jsonl.
    const ending = (input.field ?? own['field']) === undefined ? '.txt' : '.jsonl'
    const { path, begun, undo } = await keepInput(untilStopped(process.stdin, signal), ending)
    const sources = data.map((source) => (source.path === STANDARD_INPUT ? { ...source, path } : source))
    return { own: { ...own, data: sources }, begun, undo, made: [path, 'standard input'] }
  },
  closing: [['generate RUN', 'let the model go on with a text']],
})
