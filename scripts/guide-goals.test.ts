import { expect, it } from 'vitest'
import { holdGoals } from './guide-goals.mjs'

const pages = [
  {
    path: 'guide/a',
    goals: [
      { have: 'a file', command: 'make', prints: '\ndone', makes: 'a.txt' },
      { have: 'a number', program: 'sum(', prints: '4' },
      { have: 'an insight', says: ['why'] },
    ],
  },
] as const
const ran = { page: 'guide/a', code: '$ make it', works: true, said: 'well\ndone\n' }

it('takes a goal that a block of its page reaches, of one kind', () => {
  expect(holdGoals(pages, 'command', [ran], () => true)).toEqual({ goals: 1, problems: [] })
  expect(
    holdGoals(pages, 'program', [{ page: 'guide/a', code: 'sum(2, 2)', works: true, said: '4' }]),
  ).toEqual({ goals: 1, problems: [] })
})

it.each([
  ['no block has its words', [{ ...ran, code: 'other' }], true, 'no command of the page has its words'],
  ['a block of another page', [{ ...ran, page: 'guide/b' }], true, 'no command of the page has its words'],
  ['a block fails', [{ ...ran, works: false }], true, 'its command fails'],
  ['other words are printed', [{ ...ran, said: 'undone' }], true, "expected 'done' in what is printed"],
  ['no file is made', [ran], false, 'expected the file a.txt, found none'],
] as const)('says why where %s', (_, blocks, made, why) => {
  const { problems } = holdGoals(pages, 'command', blocks, () => made)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(`docs/guide/a.md: 'a file' is not reached: ${why}`)
})
