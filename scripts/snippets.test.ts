// Tests of what documents promise: the choice of code blocks that must run, and of links.
import { describe, expect, it } from 'vitest'
import {
  executableSnippets,
  includedFiles,
  installsAtOnce,
  pluginCommands,
  relativeLinks,
} from './snippets.mjs'

const document = [
  '# Title',
  '```ts',
  'one()',
  '```',
  '',
  '```ts no-run: needs a test runner',
  'two()',
  '```',
  '```sh',
  'three',
  '```',
]
const shell = ['```sh run', 'four', '```', '```json', '{}', '```', '````md', '```ts', 'five()', '```', '````']

describe('executableSnippets', () => {
  it('takes code unless marked no-run, and shell only if marked run', () => {
    const found = executableSnippets([...document, ...shell].join('\n'))
    expect(found).toEqual([
      { language: 'ts', code: 'one()\n', line: 2 },
      { language: 'sh', code: 'four\n', line: 12 },
    ])
  })

  it('takes code whose mark gives no reason', () => {
    expect(executableSnippets('```ts no-run\na()\n```\n```js no-run:\nb()\n```\n')).toHaveLength(2)
  })

  it('finds nothing in prose', () => {
    expect(executableSnippets('Use `ts` in ```a sentence```.\n')).toEqual([])
  })
})

describe('relativeLinks', () => {
  it('finds files, not anchors, addresses or code', () => {
    const text =
      'See [a](docs/a.md#part)\n[b](https://b.org) [c](#c) `[d](d)`\n```md\n[e](e)\n```\n![f](f.svg "F")'
    expect(relativeLinks(text)).toEqual([
      { target: 'docs/a.md', line: 1 },
      { target: 'f.svg', line: 6 },
    ])
  })
})

describe('installsAtOnce', () => {
  it('finds what a reader would try in vain, and nothing that says when it works', () => {
    const lines = [
      'npm install @lotion/core',
      '    npm i --save-dev vitest @lotion/conformance',
      'Run `npx lotion cast`.',
      'npm install @lotion/core # once published',
      '`npx lotion …` once it is published',
      'npm install webgpu',
      'npm install && npm test',
    ]
    expect(installsAtOnce(lines.join('\n')).map(({ line }) => line)).toEqual([1, 2, 3])
  })
})

describe('pluginCommands', () => {
  it('takes indented lines, in order, without comments', () => {
    const lines = [
      '    npm run -s lotion -- new noise a   # makes it',
      '    npm run -s lotion -- cast IN OUT',
      '    npm run -s lotion -- verify a/src/a.ts',
      'npm run -s lotion -- new noise b',
    ]
    expect(pluginCommands(lines.join('\n'))).toEqual([
      'npm run -s lotion -- new noise a',
      'npm run -s lotion -- verify a/src/a.ts',
    ])
  })
})

describe('includedFiles', () => {
  it('lists the programs that a page includes, without those that are meant to fail', () => {
    const page = '```ts from ../a.ts\na()\n```\n```ts from ../broken/c.ts\n```\n```ts\nfrom.d()\n```\n'
    expect(includedFiles(page)).toEqual(['../a.ts'])
    expect(executableSnippets(page)).toEqual([{ language: 'ts', code: 'from.d()\n', line: 6 }])
  })
})
