import { expect, it } from 'vitest'
import { patternTest, patternText, type NamePattern } from './name-pattern.js'

const matches = (pattern: NamePattern, names: readonly string[]): readonly string[] =>
  names.filter(patternTest('pattern', pattern))

it('finds text as whole parts of a name, stars as any characters, expressions anywhere', () => {
  const names = ['embed.weight', 'embedding.weight', 'model/embed', 'layers.0.mlp.up.weight', 'mlpx.weight']
  expect(matches('embed', names)).toEqual(['embed.weight', 'model/embed'])
  expect(matches('embed*', names)).toEqual(['embed.weight', 'embedding.weight', 'model/embed'])
  expect(matches('mlp.*', names)).toEqual(['layers.0.mlp.up.weight'])
  expect(matches('layers.*.up', names)).toEqual(['layers.0.mlp.up.weight'])
  expect(matches('*', names)).toEqual(names)
  expect(matches('layers.0.mlp.up.weight', names)).toEqual(['layers.0.mlp.up.weight'])
  expect(matches(/mlp/g, names)).toEqual(names.slice(3))
  // What expressions give a meaning is a character of a name here.
  expect(matches('w[0]+', ['w[0]+', 'w0'])).toEqual(['w[0]+'])
  expect([patternText('a.*'), patternText(/a/g)]).toEqual(["'a.*'", '/a/g'])
})

it('refuses what is no pattern', () => {
  for (const found of ['', 5, undefined, null])
    expect(() => patternTest('frozen', found as never)).toThrow('frozen: expected a pattern of names')
})
