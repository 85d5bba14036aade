// Tests of the style rules on made-up files: each rule refuses what it is there for, and takes what looks
// like it.
import { describe, expect, it } from 'vitest'
import { checkStyle, LONGEST_HEADER } from './style.mjs'

const WIDTH = 60
const header = '// A thing. Comes in: x. Goes out: y.\n'
const wide = 'word '.repeat(14).trim()

const errorsOf = (text: string, path = 'packages/core/src/thing.ts') =>
  checkStyle([{ path, text }], WIDTH).map(({ file, line, message }) => `${file}:${line} ${message}`)
const inSource = (text: string) => errorsOf(header + text).map((error) => error.replace(/^[^:]*:/, ''))

describe('width of comments', () => {
  const message = (columns: number) =>
    `a comment on a line of ${columns} columns, expected at most 60: break it`

  it('refuses a wide line of each kind of comment, with its number', () => {
    expect(inSource(`// ${wide}\n`)).toEqual([`2 ${message(72)}`])
    expect(inSource(`/** ${wide} */\n`)).toEqual([`2 ${message(76)}`])
    expect(inSource(`/**\n * Short.\n * ${wide}\n */\nf()\n`)).toEqual([`4 ${message(72)}`])
    expect(inSource(`f() // ${wide}\n`)).toEqual([`2 ${message(76)}`])
    expect(inSource(`f({\n  // ${wide}\n})\n`)).toEqual([`3 ${message(74)}`])
    expect(inSource(`f()\n// ${wide}`)).toEqual([`3 ${message(72)}`])
  })

  it('holds tests and scripts to it too', () => {
    for (const path of ['packages/core/src/a.test.ts', 'scripts/a.mjs', 'examples/a/src/main.ts'])
      expect(errorsOf(`// ${wide}\n`, path)).toEqual([`${path}:1 ${message(72)}`])
  })

  it('takes one long word, a row of a table, and what only looks like a comment', () => {
    const long = 'x'.repeat(80)
    expect(inSource(`// https://${long}\n/** ${long} */\n/**\n * | ${wide} |\n */\nf()\n`)).toEqual([])
    expect(inSource(`f('// ${wide}', \`\n// ${wide}\n\`)\n`)).toEqual([])
  })
})

describe('headers', () => {
  const path = 'packages/core/src/thing.ts'

  it('asks for what comes in and what goes out', () => {
    expect(errorsOf('// A thing.\n')).toEqual([
      `${path}:1 the header does not say 'Comes in:'`,
      `${path}:1 the header does not say 'Goes out:'`,
    ])
    expect(errorsOf('#!/usr/bin/env node\n// A thing. Comes\n// in: x. Goes\n// out: y.\n')).toEqual([])
  })

  it('asks for one to five lines', () => {
    expect(errorsOf('f()\n')).toEqual([`${path}:1 a header of 0 lines with //, expected 1 to 5`])
    expect(errorsOf(header + '//\n'.repeat(LONGEST_HEADER - 1))).toEqual([])
    expect(errorsOf(header + '//\n'.repeat(LONGEST_HEADER))).toEqual([
      `${path}:1 a header of 6 lines with //, expected 1 to 5`,
    ])
  })

  it('asks an index for one line, and tests for nothing', () => {
    const index = 'benchmarks/src/harness/index.ts'
    expect(errorsOf('// The public surface.\n', index)).toEqual([])
    expect(errorsOf('// The public\n// surface.\n', index)).toEqual([
      `${index}:1 a header of 2 lines with //, expected 1, as of every index`,
    ])
    expect(errorsOf('f()\n', 'packages/core/src/thing.test.ts')).toEqual([])
  })
})

describe('case of constants', () => {
  const upper = (name: string) => `2 '${name}' is a number or a text: expected UPPER_CASE`
  const camel = (name: string) => `2 '${name}' is neither a number nor a text: expected camelCase`

  it.each([
    '1',
    '-1',
    '2 ** -24',
    'Math.fround(0.1)',
    'Number.EPSILON',
    "'a'",
    '`a${f()}`',
    '1n',
    '(4 * SIZE) as 8',
  ])('asks for UPPER_CASE: %s', (value) => {
    expect(inSource(`const most = ${value}\n`)).toEqual([upper('most')])
    expect(inSource(`const MOST_OF_8 = ${value}\n`)).toEqual([])
  })

  it.each([
    '[1]',
    '{ a: 1 }',
    '/a/',
    'f()',
    '() => 1',
    'new Set()',
    'Object.freeze({ a: 1 })',
    'table.entry',
  ])('asks for camelCase: %s', (value) => {
    expect(inSource(`export const MOST = ${value}\n`)).toEqual([camel('MOST')])
    expect(inSource(`export const mostOf8 = ${value}\n`)).toEqual([])
  })

  it('follows names of the file, and lists of numbers taken apart', () => {
    expect(inSource('const MOST = 4, half = MOST / 2, third = half / 3\n')).toEqual([
      upper('half'),
      upper('third'),
    ])
    expect(inSource('const [WIDTH, height, TABLE] = [1, 2, f()]\n')).toEqual([
      upper('height'),
      camel('TABLE'),
    ])
    expect(inSource('const [ROWS, IDS] = [4, 2 ** 3] as const\n')).toEqual([])
    expect(inSource('const { WIDTH } = f()\n')).toEqual([camel('WIDTH')])
  })

  it('leaves names that others gave, variables, and what is inside functions', () => {
    expect(inSource('export const q4_0 = f()\ndeclare const WebAssembly: object\nlet COUNT = f()\n')).toEqual(
      [],
    )
    expect(inSource('function f() {\n  const size = 1\n  return size\n}\n')).toEqual([])
  })
})
