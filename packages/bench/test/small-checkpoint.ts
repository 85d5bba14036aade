// A small checkpoint as others write it, of weights that nobody trained, with a chat template; and a text.
// Comes in: a folder. Goes out: the files of the checkpoint in it.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeSafetensors } from '@lotion/checkpoints'
import { configOf, presetModel } from '@lotion/models'
import { trainBpe } from '@lotion/text'

/** What its tokenizer was trained on. */
export const RHYME = Array.from(
  { length: 30 },
  (_, i) => `Verse ${i}. The rain in spring falls on the plain, and what has fallen falls again.\n\n`,
).join('')
const TEMPLATE =
  '{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}'

/** Write it. */
export async function writeCheckpoint(folder: string): Promise<void> {
  const model = presetModel('micro', { vocabulary: 300, context: 256 })
  await mkdir(folder)
  await writeFile(join(folder, 'config.json'), JSON.stringify(configOf(model)))
  await writeFile(
    join(folder, 'tokenizer.json'),
    JSON.stringify(await trainBpe([RHYME], { vocabulary: 300 })),
  )
  const config = { eos_token: '<|endoftext|>', chat_template: TEMPLATE }
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config))
  const weights = Object.entries(model.init(5)).map(([name, data]) => [
    name,
    { data, shape: model.shapes[name] },
  ])
  await writeSafetensors(join(folder, 'model.safetensors'), Object.fromEntries(weights))
}
