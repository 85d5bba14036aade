import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { builtInFormats, builtInScales, int4 } from '@lotion/formats'
import { randomizedRounding } from '@lotion/noise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { formatKind, methodKind, noiseKind, optimizerKind } from './kinds.js'
import {
  chosenPlugin,
  isModulePath,
  moduleSha256,
  moduleWord,
  pluginWord,
  pluginWords,
  type PluginKind,
} from './plugin-words.js'

let folder = ''
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-words-'))))
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The plugin of a kind that is made from nothing else. */
const chosen = <P>(kind: PluginKind<P>, word: string): Promise<P> => chosenPlugin(kind, word, undefined)

/** The word as records have it, or what an option would say. */
function read(kind: typeof formatKind | typeof noiseKind, text: string): string {
  const result = pluginWord<{ readonly name: string }, void>(kind).safeParse(text)
  return result.success ? result.data : result.error.issues[0]!.message
}

test.each([
  ['int4', 'int4'],
  ['INT4', 'int4'],
  ['./my-format.ts', './my-format.ts'],
  ['my-format.js#mine', 'my-format.js#mine'],
  ['INT4:MSE-clip', 'int4:mse-clip'],
  ['nvfp4:e4m3-nearest', 'nvfp4:e4m3-nearest'],
])('a format may be called %s', (text, word) => expect(read(formatKind, text)).toBe(word))

test.each([
  ['dithered', 'dithered'],
  ['Dithered:0.30', 'dithered:0.3'],
  ['dithered:width=0.3', 'dithered:0.3'],
  ['DITHERED:Width=0.3', 'dithered:0.3'],
  ['randomized-rounding', 'randomized-rounding'],
])('a noise may be called %s', (text, word) => expect(read(noiseKind, text)).toBe(word))

test('says what was expected, and what was meant', () => {
  const names = builtInFormats.map(({ name }) => name).join(', ')
  const expected = `expected one of ${names}, or the path of a module such as ./mine.ts`
  expect(read(formatKind, 'nvpf4')).toBe(`${expected}, found 'nvpf4'; did you mean 'nvfp4'?`)
  expect(read(formatKind, 'wholly-else')).toBe(`${expected}, found 'wholly-else'`)
  const rules = builtInScales.map(({ name }) => name).join(', ')
  expect(read(formatKind, 'int4:3')).toBe(
    `int4: expected behind it one of the scale rules ${rules}, found '3'`,
  )
  expect(read(formatKind, 'int4:mse-clap')).toBe(
    `int4: expected behind it one of the scale rules ${rules}, found 'mse-clap'; did you mean 'mse-clip'?`,
  )
  expect(read(noiseKind, 'gaussian:mse-clip')).toMatch(/^gaussian: /)
  expect(read(noiseKind, 'dithered:2')).toBe(
    "dithered: the width: expected a number from 0 up to 1, found '2'",
  )
  expect(read(noiseKind, 'spread:0')).toBe("spread: the share: expected a number above 0 up to 1, found '0'")
  expect(read(noiseKind, 'dithered:')).toBe("dithered: the width: expected a number from 0 up to 1, found ''")
  expect(read(noiseKind, 'dithered:0.1,width=0.2')).toBe(
    "dithered: expected each number once, found '0.1,width=0.2'",
  )
  expect(read(noiseKind, 'dithered:0.1,0.2')).toBe("dithered: expected the numbers width, found '0.2'")
})

test.each([
  ['./fam.ts:0.3', './fam.ts', undefined, '0.3'],
  ['fam.mjs#mine:a=1,b=2', 'fam.mjs', 'mine', 'a=1,b=2'],
  ['C:\\own\\fam.ts:0.3', 'C:\\own\\fam.ts', undefined, '0.3'],
  ['C:fam.ts', 'C:fam.ts', undefined, undefined],
  ['./a:b#c,d/x:y.ts#mine:1', './a:b#c,d/x:y.ts', 'mine', '1'],
  ['./old.ts#x/new.ts:0.js', './old.ts#x/new.ts:0.js', undefined, undefined],
])('%s is path, export and numbers', (word, path, exported, numbers) => {
  expect(isModulePath(word)).toBe(true)
  expect({ exported: undefined, numbers: undefined, ...moduleWord(word) }).toEqual({
    path,
    exported,
    numbers,
  })
})

test.each(['./a', './fam.ts#', './fam.ts#one#two', './fam.ts:0.3#mine', './fam.tsx', 'own/'])(
  '%s is refused',
  (word) =>
    expect(read(noiseKind, word)).toBe(
      `expected a module that ends in .ts, .mts, .js, .mjs, then #export or :numbers if any, found '${word}'`,
    ),
)

test.each([
  ['ptq,cage:lambda=1,silence=0.5,lotion:0.3', ['ptq', 'cage:lambda=1,silence=0.5', 'lotion:0.3']],
  ['./a,b/m.ts:x=1,y=2, qat', ['./a,b/m.ts:x=1,y=2', 'qat']],
  ['./a,b/m.ts , qat', ['./a,b/m.ts', 'qat']],
  ['./m.ts,./n.ts#one,C:\\o,p\\q.js', ['./m.ts', './n.ts#one', 'C:\\o,p\\q.js']],
])('words in the list %s keep their numbers and the commas of their folders', (text, words) =>
  expect(pluginWords(methodKind).safeParse(text).data).toEqual(words),
)

test('a word stands for the record itself, or a member of its family', async () => {
  expect(await chosen(formatKind, 'int4')).toBe(int4)
  expect(await chosen(noiseKind, 'randomized-rounding')).toBe(randomizedRounding)
  expect((await chosen(noiseKind, 'dithered:0.3')).name).toBe('dithered(0.3)')
  await expect(chosen(noiseKind, 'none')).rejects.toThrow(/^noise: expected one of .*, found 'none'/)
})

test('what a run chooses is in its methods and optimizers: a module gives families of them', async () => {
  const path = join(folder, 'made.ts')
  await writeFile(
    path,
    `import { int8 } from '@lotion/formats'
import { adamwFamily, cageFamily, qat, sgd } from '@lotion/optim'
export const method = qat({ format: int8 })
export const optimizer = sgd({ learningRate: 0.01 })
export { adamwFamily, cageFamily }
`,
  )
  await expect(chosenPlugin(methodKind, `${path}#method`, { format: int4 })).rejects.toThrow(
    /^method: expected a family, which is made with the run's format, found 'method' of .* made already/,
  )
  await expect(chosenPlugin(optimizerKind, `${path}#optimizer`, { learningRate: 1 })).rejects.toThrow(
    /^optimizer: expected a family, which is made with the run's learning rate, found 'optimizer'/,
  )
  // A family of another kind, which needs something else, is no candidate; if nothing fits, it says what.
  expect((await chosenPlugin(methodKind, `${path}#cageFamily`, { format: int4 })).format).toBe(int4)
  await expect(chosenPlugin(methodKind, `${path}#adamwFamily`, { format: int4 })).rejects.toThrow(
    /^method: expected a method or a family of them among the exports of .*, found adamwFamily, cageFamily, method, optimizer; 'adamwFamily' cannot be made: learningRate: .*$/,
  )
})

test('a family that cannot be made is told with its own error', async () => {
  const path = join(folder, 'faulty.ts')
  await writeFile(
    path,
    `import { defineFamily } from '@lotion/core'
import { defineTransformation } from '@lotion/optim'
export const typo = defineFamily({ name: 'typo', make: () => defineTransformation({ name: 'typo', stepsize: 'rate' }) })
`,
  )
  for (const word of [path, `${path}#typo`])
    await expect(chosenPlugin(optimizerKind, word, { learningRate: 1 })).rejects.toThrow(
      /^optimizer: expected an optimizer or a family of them among the exports of .*, found typo; 'typo' cannot be made: typo: .*stepsize/,
    )
})

test('a path stands for the export that fits; two need a name', async () => {
  const path = join(folder, 'a:b#c,d', 'mine.ts')
  await mkdir(dirname(path))
  await writeFile(
    path,
    `import { defineFamily } from '@lotion/core'
import { defineFormat, int4 } from '@lotion/formats'
import { spread } from '@lotion/noise'
export const one = defineFormat({ name: 'one', grid: int4.grid })
export const two = defineFormat({ name: 'two', grid: int4.grid })
export const family = defineFamily({ name: 'mine', numbers: { share: { default: 0.25, max: 1 } }, make: ({ share }) => spread(share) })
`,
  )
  expect((await chosen(noiseKind, path)).name).toBe('spread(0.25)')
  expect((await chosen(noiseKind, `${path}:0.50`)).name).toBe('spread(0.5)')
  expect((await chosen(noiseKind, `${path}#family:share=0.5`)).name).toBe('spread(0.5)')
  await expect(chosen(noiseKind, `${path}:2`)).rejects.toThrow(
    "noise: mine: the share: expected a number up to 1, found '2'",
  )
  await expect(chosen(noiseKind, `${path}:width=1`)).rejects.toThrow(
    "noise: mine: expected the numbers share, found 'width=1'",
  )
  await expect(chosen(formatKind, `${path}#one:3`)).rejects.toThrow(
    "format: one: expected no numbers, found '3'",
  )
  expect((await chosen(formatKind, `${path}#two`)).name).toBe('two')
  await expect(chosen(formatKind, path)).rejects.toThrow(
    `format: expected one export that fits, found several; name one of ${path}#one, ${path}#two`,
  )
  await expect(chosen(formatKind, `${path}#family`)).rejects.toThrow(
    `format: expected a format or a family of them among the exports of ${path}, found family, one, two`,
  )
  await expect(chosen(formatKind, `${path}#tow`)).rejects.toThrow(
    `format: expected one of the exports family, one, two of ${path}, found 'tow'; did you mean 'two'?`,
  )
  await expect(chosen(formatKind, join(folder, 'no.ts'))).rejects.toThrow(
    /^format: expected a file, found nothing/,
  )
})

test('a module runs once a process: what was recorded of it goes on, though its file may change', async () => {
  const path = join(folder, 'edited.ts')
  const text = (name: string): string =>
    `import { defineFormat, int4 } from '@lotion/formats'\nexport const one = defineFormat({ name: '${name}', grid: int4.grid })\n`
  await writeFile(path, text('before'))
  const first = await chosen(formatKind, path)
  const sha256 = await moduleSha256(path)
  await writeFile(path, text('after'))
  expect(await chosen(formatKind, `${path}#one`)).toBe(first)
  expect(await moduleSha256(path)).toBe(sha256)
  expect(createHash('sha256').update(text('before')).digest('hex')).toBe(sha256)
})
