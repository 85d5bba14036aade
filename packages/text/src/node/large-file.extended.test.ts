// A file that would not fit: 200 MB of text, tokenized and read in a process whose memory is watched.

import { spawnSync } from 'node:child_process'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const MEGABYTES = 200

test('memory stays bounded whatever the size', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lotion-large-'))
  try {
    const file = await open(join(folder, 'large.txt'), 'w')
    const megabyte = Buffer.from('The people of the United States, 1789.\n'.repeat(25_642)).subarray(0, 1e6)
    for (let i = 0; i < MEGABYTES; i++) await file.writeFile(megabyte)
    await file.close()
    const program = `
import { byteTokenizer, tokenBatches } from '@lotion/text'
import { openText } from '@lotion/text/node'
const [folder] = process.argv.slice(-1)
const text = await openText({ sources: [{ path: folder + '/large.txt' }], tokenizer: byteTokenizer(), cache: folder + '/cache' })
const batches = tokenBatches({ tokens: text.training, batch: 16, context: 512, seed: 1 })
let sum = 0
for (let step = 0; step < 200; step++) sum += batches(step).x.data[0]
console.log(JSON.stringify({ tokens: text.tokens, sum, peak: process.resourceUsage().maxRSS / 1e3 }))`
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program, '--', folder],
      { encoding: 'utf8', cwd: import.meta.dirname },
    )
    expect(stderr).toBe('')
    const { tokens, peak } = JSON.parse(stdout) as { tokens: number; peak: number }
    expect(tokens).toBe(MEGABYTES * 1e6 + 1)
    console.log(`peak ${Math.round(peak)} MB`)
    // Less than the text alone, which is stored in twice its bytes; Node itself takes some 50 MB.
    expect(peak).toBeLessThan(180)
  } finally {
    await rm(folder, { recursive: true })
  }
})
