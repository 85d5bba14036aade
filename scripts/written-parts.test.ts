import { describe, expect, it } from 'vitest'
import { laneOperations } from './lane-operations.mjs'
import { withParts } from './written-parts.mjs'

const sources = {
  file: (path: string) => `// ${path}\n$&\n`,
  part: (name: string) => `all ${name}`,
}

describe('withParts', () => {
  it('writes files and parts, and leaves the rest', () => {
    const page = [
      '# A page',
      '```ts from ../a.ts',
      '// old',
      '```',
      '<!-- the part: written -->',
      'old',
      '<!-- /the part -->',
      '```ts',
      'kept()',
      '```',
    ]
    const written = withParts(page.join('\n'), sources)
    expect(written.split('\n')).toEqual([
      '# A page',
      '```ts from ../a.ts',
      '// ../a.ts',
      '$&',
      '```',
      '<!-- the part: written -->',
      '',
      'all the part',
      '',
      '<!-- /the part -->',
      '```ts',
      'kept()',
      '```',
    ])
    expect(withParts(written, sources)).toBe(written)
  })

  it('writes what is empty yet', () => {
    expect(withParts('```ts from b.ts\n```\n', sources)).toBe('```ts from b.ts\n// b.ts\n$&\n```\n')
  })
})

describe('laneOperations', () => {
  it('lists them by the words of their comments', () => {
    const rows = laneOperations().split('\n')
    expect(rows.map((row) => row.replaceAll(/ +/g, ' '))).toEqual(
      expect.arrayContaining([
        '| `a.add(b)` | a + b |',
        '| `a.less(b, yes, no)` | a < b ? yes : no. The only branch |',
      ]),
    )
  })
})
