// Phases as they are typed, and where methods that begin alike part.

import { expect, test } from 'vitest'
import { branchesOf, phasesOf, phasesWord, refuseEmptyPhases, wordUntil } from './phase-words.js'

test('a word is a method, or methods joined by a plus with the share that each begins at', () => {
  expect(phasesOf('lotion')).toEqual([{ word: 'lotion', share: 0 }])
  expect(phasesOf('lotion:1e+38')).toEqual([{ word: 'lotion:1e+38', share: 0 }])
  expect(phasesOf('lotion:0.3+qat@0.8')).toEqual([
    { word: 'lotion:0.3', share: 0 },
    { word: 'qat', share: 0.8 },
  ])
  expect(phasesOf('./c++/@me/mine.ts#one+rat@.25+./d/b.mjs:2@0.5')).toEqual([
    { word: './c++/@me/mine.ts#one', share: 0 },
    { word: 'rat', share: 0.25 },
    { word: './d/b.mjs:2', share: 0.5 },
  ])
  expect(phasesWord(phasesOf('lotion+qat@.80'))).toBe('lotion+qat@0.8')
  // What begins later has PTQ before it.
  expect(phasesWord(phasesOf('lsq@.80'))).toBe('ptq+lsq@0.8')
  expect(phasesWord(phasesOf('lotion:0.3@.5+lsq:rate=2@.8'))).toBe('ptq+lotion:0.3@0.5+lsq:rate=2@0.8')
  expect(phasesOf('./@me/c+d/mine.ts')).toEqual([{ word: './@me/c+d/mine.ts', share: 0 }])
})

test.each([
  ['qat@1', /expected shares of the run that ascend between 0 and 1, found 'qat@1'; such as/],
  ['qat@0', /found 'qat@0'/],
  [
    'lotion+lsq',
    /expected a share behind each method but the first, found 'lotion\+lsq'; such as lotion\+qat@0\.8/,
  ],
  ['lotion@0.5+lsq', /expected a share behind each method but the first, found 'lotion@0\.5\+lsq'/],
  ['lotion+qat@1', /expected shares of the run that ascend between 0 and 1, found 'qat@1'; such as/],
  ['lotion+qat@', /found 'qat@'/],
  ['lotion+qat@half', /found 'qat@half'/],
  ['lotion+rat@0.5+qat@0.5', /found 'qat@0\.5' after 0\.5/],
])('refuses %s', (word, message) => {
  expect(() => phasesOf(word)).toThrow(message)
})

test.each([
  ['lotion+qat@0.9', 6],
  ['lotion+qat@0.1', 10],
  ['lotion+qat@0.9', 11],
  ['lotion+rat@0.4+qat@0.6', 3],
])('%s has a step for each phase in %d steps', (word, steps) => {
  expect(() => refuseEmptyPhases(word, steps)).not.toThrow()
})

test.each([
  [
    'lotion+qat@0.9',
    4,
    /^methods: 'lotion\+qat@0\.9': expected a step at least for each phase, found none of 4 for qat; /,
  ],
  ['lotion+qat@0.1', 4, /found none of 4 for lotion; take more --steps, or other shares$/],
  ['lotion+rat@0.4+qat@0.6', 2, /found none of 2 for rat;/],
])('%s is refused in %d steps', (word, steps, message) => {
  expect(() => refuseEmptyPhases(word, steps)).toThrow(message)
})

test('methods part where their phases differ; what they trained until then has one word', () => {
  const words = ['lotion', 'lotion+qat@0.8', 'lotion+qat@0.5', 'lotion+qat@0.8+rat@0.9', 'qat']
  const branches = (word: string) => branchesOf(word, words, 100)
  expect(branches('lotion')).toEqual([50, 80])
  expect(branches('lotion+qat@0.8')).toEqual([50, 80, 90])
  expect(branches('lotion+qat@0.5')).toEqual([50])
  expect(branches('lotion+qat@0.8+rat@0.9')).toEqual([50, 80, 90])
  expect(branches('qat')).toEqual([])
  expect(wordUntil('lotion+qat@0.8+rat@0.9', 80, 100)).toBe('lotion')
  expect(wordUntil('lotion+qat@0.8+rat@0.9', 90, 100)).toBe('lotion+qat@0.8')
  expect(wordUntil('lotion', 80, 100)).toBe('lotion')
})
