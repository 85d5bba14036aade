// Command: train a language model on text of one's own. Comes in: options. Goes out: a run.
// Source: docs/design/04-bench.md; it is the task `text` under a name of its own.

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
  closing: [['generate RUN', 'let the model go on with a text']],
})
