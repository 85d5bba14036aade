import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { writeSafetensors } from '@lotion/checkpoints'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commandBringers, commandsFor } from './commands.js'
import { recordedCli } from './recorded-cli.js'
import { runCli } from './run-cli.js'

const cli = (line: string) => recordedCli(line.split(' ').filter(Boolean))

let folder: string
let [from, to] = ['', '']
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lotion-words-'))
  ;[from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
  const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i))
  await writeSafetensors(from, { 'a.weight': { data, shape: [4, 16] } })
})
afterAll(() => rm(folder, { recursive: true }))

test.each(['', 'cast', 'run linear-regression'])("the help of '%s' fits a narrow terminal", async (words) => {
  const terminal = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 60,
  }) as unknown as NodeJS.WriteStream
  let text = ''
  terminal.on('data', (piece: Buffer) => (text += piece.toString()))
  const { signal } = new AbortController()
  await runCli([...words.split(' ').filter(Boolean), '--help'], {
    stdout: terminal,
    stderr: terminal,
    signal,
  })
  // Examples are copied, and stay as they are.
  const [help] = text.split('Examples:')
  const wide = help!.split('\n').filter((line) => line.length > 60)
  expect(wide).toEqual([])
  expect(help).toContain('Options:')
})

test.each(['', 'cast', 'new', 'new noise', 'run'])("'help %s' is its --help", async (words) => {
  const help = await cli(`help ${words}`)
  expect(help).toEqual(await cli(`${words} --help`))
  expect(help).toMatchObject({ status: 0, stderr: '' })
  expect(help.stdout).toMatch(/^Usage: lotion/)
})

test.each([
  ['cst', "found 'cst'; did you mean 'cast'?\nsee: lotion --help\n"],
  ['help inspct', "found 'inspct'; did you mean 'inspect'?\nsee: lotion --help\n"],
  ['new optimizer mine', "found 'optimizer'; did you mean 'transformation'?\nsee: lotion new --help\n"],
  ['new nosie mine', "found 'nosie'; did you mean 'noise'?\nsee: lotion new --help\n"],
  [
    'inspect x --formt int4',
    "unknown option '--formt' (did you mean --format?)\nsee: lotion inspect --help\n",
  ],
])('%s', async (line, message) => {
  const { status, stdout, stderr } = await cli(line)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(message)
})

test.each([
  ['CAST --help', 'cast --help'],
  ['Help Cast', 'cast --help'],
  ['New FISHER --help', 'new fisher --help'],
  ['RUN Two-Layer --help', 'run two-layer --help'],
  ['QuickStart --help', 'quickstart --help'],
  ['Bench STEP --help', 'bench step --help'],
  ['RUN', 'run'],
])('commands and tasks are taken in any case: %s', async (typed, own) => {
  expect(await cli(typed)).toEqual(await cli(own))
})

test('a task may be a module, and the help of run says so', async () => {
  const { stdout } = await cli('run --help')
  expect(stdout).toContain('the path of a module that exports one, such as lotion run ./my-task.ts')
  const absent = join(folder, 'My-Task.ts')
  expect((await cli(`RUN ${absent}`)).stderr).toContain(`found nothing at '${absent}'`)
})

test('a package that is not there is told in a sentence', () => {
  for (const { advice } of commandBringers) expect(advice).toMatch(/^(?:npm install|it is) /)
})

test.each(['cast in out', 'inspect in'])('what a warning of %s advises are its options', async (line) => {
  const { stderr } = await cli(`${line.replace(' in', ` ${from}`).replace(' out', ` ${to}`)} --format mxfp4`)
  const advice = /^warning: mxfp4 has .*; (.*)$/m.exec(stderr)?.[1]?.match(/--[a-z]+/g)
  const { stdout } = await cli(`${line.split(' ')[0]} --help`)
  expect(advice).toHaveLength(2)
  for (const option of advice!) expect(stdout).toContain(`  ${option} <`)
})

test('names are taken in any case, and written as records have them', async () => {
  const { status, stdout } = await cli(`inspect ${from} --format INT8 --json`)
  expect(status).toBe(0)
  expect(stdout).toContain('"format":"int8"')
  const loud = `cast ${from} ${to} --format INT8 --block ROW --scale ABSMAX-F16 --dtype bF16`
  expect((await cli(loud)).stdout).toContain('cast to int8, one scale a row, scale absmax-f16')
  expect((await cli(`cast ${from} ${to} --scale FIXED-0.5`)).stdout).toContain('scale fixed-0.5')
  for (const [option, word, meant] of [
    ['dtype', 'BF61', undefined],
    ['dtype', 'sme', 'same'],
    ['scale', 'absmx', 'absmax'],
    ['block', 'tensr', 'tensor'],
  ] as const)
    expect((await cli(`cast ${from} ${to} --${option} ${word}`)).stderr).toContain(
      `found '${word}'${meant === undefined ? '\n' : `; did you mean '${meant}'?`}`,
    )
  expect((await cli(`cast ${from} ${to} --format NVFP4 --noise randomized-rounding`)).stdout).toContain(
    'cast to nvfp4, block 16, scale e4m3-ceil, randomized-rounding, seed 0',
  )
})

test('--quiet leaves warnings, errors and results', async () => {
  const asked = `cast ${from} ${to} --format mxfp4 --block 32 --quiet`
  const { status, stdout, stderr } = await cli(asked)
  expect(status).toBe(0)
  expect(stderr).toMatch(/^warning: mxfp4 has .* a.weight .* blocks of 16 .*\n$/)
  expect(stdout).toContain('1 of 1 tensors')
  expect((await cli('cast nothing.safetensors b -q')).stderr).toMatch(
    /^error: cannot read nothing.safetensors/,
  )
})

test('the name of what is written may not say that it is something else', async () => {
  const before = await readdir(folder)
  for (const name of ['a.gguf', 'a.onnx', 'a.json', 'a.tar.gz']) {
    const { status, stderr } = await cli(`cast ${from} ${join(folder, name)}`)
    expect(status).toBe(2)
    expect(stderr).toContain('out: expected the name of a .safetensors file')
  }
  const shards = await cli(`cast ${from} ${join(folder, 'shards.safetensors')} --shard-size 1KB`)
  expect(shards.status).toBe(2)
  expect(shards.stderr).toContain('out: expected the name of a folder, for shards')
  expect(await readdir(folder)).toEqual(before)
})

test('env tells versions, the machine and what is installed, and no path', async () => {
  const { status, stdout, stderr } = await cli('env --json')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  const facts = JSON.parse(stdout) as Readonly<Record<string, string>>
  expect(facts['node']).toBe(process.versions.node)
  expect(facts['system']).toContain(process.platform)
  for (const name of ['@lotion/cli', '@lotion/bench', 'tsx', 'vitest'])
    expect(facts[name]).toMatch(/^\d+\.\d+\.\d+/)
  expect(stdout).not.toContain(process.cwd())
  const lines = (await cli('env')).stdout.trimEnd().split('\n')
  expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(Object.keys(facts))
})

test('packages that bring commands are told by the first words that they really bring', async () => {
  const brought = new Map(commandBringers.map(({ name }) => [name, new Set<string>()]))
  for (const { name } of commandBringers) {
    const entry = `${name}/commands`
    const { commands } = (await import(entry)) as { readonly commands: readonly { readonly path: string }[] }
    for (const { path } of commands) brought.get(name)!.add(path.split(' ')[0]!)
  }
  for (const { name, words } of commandBringers) expect([...brought.get(name)!]).toEqual(words)
  expect((await commandsFor(['cast'])).map(({ path }) => path)).toEqual([['cast']])
})
