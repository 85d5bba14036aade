// Commands that a person sits before, in a terminal: what Ctrl-C ends, with which status, and that nothing
// stays.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { recordedCli } from '@lotion/cli/internal'
import { trainBpe } from '@lotion/text'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { keys, missing, terminal, type Terminal } from '../../test/terminal.js'

const model = fileURLToPath(new URL('../../../language/test/fixtures/tiny-llama.gguf', import.meta.url))
const main = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url))
const loader = 'tsx'

let folder = ''
let tokenizer = ''
const open: Terminal[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-terminal-'))
  await mkdir(join(folder, 'temporary'))
  // Without an end of a text, so that an answer goes on until it is stopped.
  await mkdir(join(folder, 'endless'))
  tokenizer = join(folder, 'endless', 'tokenizer.json')
  await writeFile(tokenizer, JSON.stringify(await trainBpe(['rain, plain'], { vocabulary: 260 })))
  const chat_template = '{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}<answer>'
  await writeFile(join(folder, 'endless', 'tokenizer_config.json'), JSON.stringify({ chat_template }))
})
afterEach(() => open.splice(0).forEach((each) => each.close()))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Asks for a line, at the beginning of one that was cleared; what a model writes has no such sequences. */
// oxlint-disable-next-line no-control-regex -- sequences of a terminal begin with one
const prompt = /\u001b\[0J> /

/** The command in a terminal; at its end the shell says its status and how the terminal is set. */
function lotion(words: string): Terminal {
  const start = `'${process.execPath}' --import '${import.meta.resolve(loader)}' --conditions=@lotion/source '${main}'`
  const made = terminal(`${start} ${words}; s=$?; stty -a; exit $s`, {
    cwd: folder,
    env: { ...process.env, TERM: 'xterm', TMPDIR: join(folder, 'temporary') },
  })
  open.push(made)
  return made
}

/** Files of its own that a command left; the loader of TypeScript keeps what it compiled. */
async function left(): Promise<readonly string[]> {
  const [own, temporary] = await Promise.all([readdir(folder), readdir(join(folder, 'temporary'))])
  return [...own.filter((name) => !['endless', 'temporary'].includes(name)), ...temporary].filter(
    (name) => !name.startsWith('tsx-'),
  )
}

describe.skipIf(missing !== undefined)('in a terminal', () => {
  test('chat: Ctrl-C stops an answer, a second one ends the conversation', async () => {
    const chat = lotion(
      `chat '${model}' --tokenizer '${tokenizer}' --length 1000000 --temperature 0 --threads 1`,
    )
    await chat.seen(prompt)
    chat.type(`Rain?${keys.enter}`)
    await chat.seen(/Rain\?\r+\n[^]{60}/)
    chat.type(keys.interrupt)
    await chat.seen(prompt)
    chat.type(`${'QXZJ'.repeat(40)}${keys.enter}`)
    await chat.seen(/that makes \d+ tokens, and the context has 64: /)
    await chat.seen(prompt)
    chat.type(`Again?${keys.enter}`)
    await chat.seen(/Again\?\r+\n[^]{60}/)
    chat.type(keys.interrupt)
    await chat.seen(prompt)
    chat.type(keys.interrupt)
    // The terminal is as it was: lines are edited and shown by it again.
    await chat.seen(/ icanon\b[^]* echo\b/)
    expect(await chat.ended).toBe(0)
    // The terminal's own sequences reach it as such; an escape that the model says is written out.
    expect(chat.shown()).not.toContain('\\u001b[')
    expect(await left()).toEqual([])
  })

  test('watch: Ctrl-C closes the address', async () => {
    const line = 'run linear-regression --dimension 8 --steps 4 --casts 1 --workers 1 --methods ptq --out'
    expect(await recordedCli([...line.split(' '), join(folder, 'mine')])).toMatchObject({ status: 0 })
    const before = await readdir(join(folder, 'mine'))
    const watch = lotion('watch mine')
    const [address] = await watch.seen(/http:\/\/127\.0\.0\.1:\d+\//)
    expect((await fetch(address)).status).toBe(200)
    watch.type(keys.interrupt)
    expect(await watch.ended).toBe(130)
    await expect(fetch(address)).rejects.toThrow('fetch failed')
    expect(await readdir(join(folder, 'mine'))).toEqual(before)
    expect(await left()).toEqual(['mine'])
  })
})
