// Tests of what documents promise: the choice of code blocks that must run, and of links.
import { describe, expect, it } from 'vitest'
import { executableSnippets, relativeLinks } from './snippets.mjs'

const document = [
  '# Title',
  '```ts',
  'one()',
  '```',
  '',
  '```ts no-run',
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
