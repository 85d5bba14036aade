import { expect, it } from 'vitest'
import { proseOf } from './prose-numbers.js'

it('finds numbers with a unit, a share or a ± in prose, and none in code and formulas', () => {
  const page = [
    'It takes 71 ms, is 8 × faster by 12 % (−.036 ± .012), on 5 of 5 seeds, with a hundred lines.',
    'A 27M-parameter model, `0.3 s`, $2 s$, three pages; 4 bits are a definition.',
    '```sh',
    'sleep 3 s',
    '```',
    '    wait 4 s',
  ].join('\n')
  expect(proseOf(page).open()).toEqual([
    '71 ms',
    '8 ×',
    '12 %',
    '± .012',
    '5 of 5',
    'hundred lines',
    '27M-parameter',
    'three pages',
  ])
})

it('leaves out what is told, and refuses what the page does not say', () => {
  const prose = proseOf('It takes 71\nms, then 84 ms.')
  prose.told('takes 71 ms')
  expect(prose.open()).toEqual(['84 ms'])
  expect(() => prose.told('takes 72 ms')).toThrow("expected the page to say 'takes 72 ms'")
})
