import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { writeSafetensors } from '@lotion/checkpoints'
import { commandsFor } from '../commands.js'
import { recordedCli } from '../recorded-cli.js'
import { guardedStream, terminalText } from './terminal-text.js'

/**
 * Sets a title, clears the screen, turns red, hides, reverses, fakes a line, and ends in half a character.
 */
const hostile =
  'w\u001b]0;PWNED\u0007\u001b[2J\u001b[31mFAKE\u009b8m\u202Eesrever\u2066\r\nerror: none\u2028\u0000\u007f\ud800'
/** What must never reach a stream that is no terminal; \n is what ends our own lines. */
const acting = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-terminal-'))))
afterAll(() => rm(folder, { recursive: true }))
afterEach(() => vi.unstubAllEnvs())

describe('terminalText', () => {
  test('shows what would act', () => {
    expect(terminalText('\u001b[2J')).toBe('\\u001b[2J')
    expect(terminalText('a\u202Eb\r\n\u{E0041}')).toBe('a\\u202eb\\u000d\\u000a\\udb40\\udc41')
    expect(terminalText(hostile)).not.toMatch(acting)
  })

  test('leaves all that is only seen as it is', () => {
    const seen = 'model.läyers.0 σ² ≤ 1 · 重み 🧴 "q" \\ <b>'
    expect(terminalText(seen)).toBe(seen)
  })

  test('cuts in the middle, however long the text', () => {
    expect(terminalText('ab'.repeat(5), 10)).toBe('ababababab')
    expect(terminalText(`${'a'.repeat(40_000_000)}z`, 4)).toBe('aa… (40000001 characters) …az')
    // Cut between the halves of a character, both are shown as what they are.
    expect(terminalText('x🧴🧴🧴', 4)).toBe('x\\ud83e… (7 characters) …🧴')
  })
})

describe('guardedStream', () => {
  const through = (isTTY: boolean) => {
    const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 })
    const guarded = guardedStream(stream as unknown as NodeJS.WriteStream)
    return { guarded, text: () => (stream.read() as Buffer).toString() }
  }

  test('a terminal gets colours and the moves of a progress line, and nothing else that acts', () => {
    const { guarded, text } = through(true)
    const own = '\u001b[1mbold\u001b[22m\u001b[1G\u001b[0K\u001b[?25l\u001b[?7h\u001b7\u001b8\u001b[2A\n\t'
    guarded.write(own)
    expect(text()).toBe(own)
    guarded.write(hostile)
    expect(text()).toBe(
      'w\\u001b]0;PWNED\\u0007\\u001b[2J\u001b[31mFAKE\\u009b8m\\u202eesrever\\u2066\\u000d\nerror: none\\u2028\\u0000\\u007f\\ud800',
    )
  })

  test('a file or a pipe gets no sequence at all, and JSON keeps its value', () => {
    const { guarded, text } = through(false)
    guarded.write('\u001b[1mbold')
    expect(text()).toBe('\\u001b[1mbold')
    guarded.write(`${JSON.stringify({ hostile })}\n`)
    const line = text()
    expect(line).not.toMatch(acting)
    expect(JSON.parse(line)).toEqual({ hostile })
  })

  test('is the stream otherwise', () => {
    const { guarded } = through(true)
    expect([guarded.isTTY, guarded.columns]).toEqual([true, 80])
  })
})

describe('the command', () => {
  const expectHarmless = ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): void => {
    expect(stdout).not.toMatch(acting)
    expect(stderr).not.toMatch(acting)
    expect(`${stdout}${stderr}`).not.toMatch(/^error: none/m)
  }

  test('shows hostile names of tensors as they are written', async () => {
    const path = join(folder, 'hostile.safetensors')
    // No half characters: JSON in UTF-8 has none.
    const name = hostile.slice(0, -1)
    await writeSafetensors(path, {
      [name]: { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), shape: [2, 4] },
      [`${name}.bias`]: { data: Float32Array.of(Number.NaN), shape: [1] },
    })
    const table = await recordedCli(['inspect', path])
    expect(table.status).toBe(0)
    expect(table.stdout).toContain('w\\u001b]0;PWNED\\u0007')
    expectHarmless(table)
    const json = await recordedCli(['inspect', path, '--json'])
    expectHarmless(json)
    const names = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly parameter: string }).parameter)
    expect(names).toEqual([name, `${name}.bias`])
    expectHarmless(await recordedCli(['cast', path, join(folder, `\u001b[2Jout`), '--only', 'PWNED']))
  })

  test('shows a hostile name in an error, and cuts one of megabytes', async () => {
    const header = (name: string): Buffer => {
      const text = JSON.stringify({ [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 4] } })
      const length = Buffer.alloc(8)
      length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)))
      return Buffer.concat([length, Buffer.from(text), Buffer.alloc(4)])
    }
    const path = join(folder, 'broken.safetensors')
    await writeFile(path, header(hostile.slice(0, -1)))
    for (const debug of ['', '1']) {
      vi.stubEnv('LOTION_DEBUG', debug)
      for (const words of [
        ['inspect', path],
        ['cast', path, join(folder, 'out')],
      ]) {
        const outcome = await recordedCli(words)
        expect(outcome.status).toBe(1)
        expect(outcome.stderr).toContain('PWNED')
        expectHarmless(outcome)
      }
    }
    vi.stubEnv('LOTION_DEBUG', '')
    await writeFile(path, header('n'.repeat(5_000_000)))
    const { stderr } = await recordedCli(['inspect', path])
    expect(stderr).toMatch(/^error: .*\(50\d+ characters\)/)
    expect(stderr.length).toBeLessThan(3000)
  })

  test('shows hostile words that it was called with, in the place of every option and argument', async () => {
    const calls = (await commandsFor([])).flatMap(({ path, options, arguments: words = {} }) => {
      const given = Object.keys(words).map(() => `${folder}/absent`)
      const flags = Object.values(options).flatMap(
        ({ flags: text }) => /--[\w-]+(?= [<[])/.exec(text)?.[0] ?? [],
      )
      return [
        [...path, ...Object.keys(words).map(() => hostile)],
        [...path, ...given, hostile, hostile],
        ...flags.map((flag) => [...path, ...given, flag, hostile]),
        [...path, `--${hostile}`],
      ]
    })
    // Paths of folders are valid values: a hostile one would start the work itself.
    const refused = calls.filter(
      (words) => words.some((word) => word.includes(hostile)) && !words.includes('--out'),
    )
    expect(refused.length).toBeGreaterThan(80)
    for (const words of [[hostile], ['run', hostile], ...refused]) {
      const outcome = await recordedCli(words)
      expect(outcome.status).not.toBe(0)
      expectHarmless(outcome)
    }
  })
})
