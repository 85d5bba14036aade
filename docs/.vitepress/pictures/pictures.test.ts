import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { terminal } from './terminal.js'
import { whatLotionDoes } from './what-lotion-does.js'

const picture = (name: string): string =>
  readFileSync(new URL(`../../pictures/${name}`, import.meta.url), 'utf8')

it('shows what the lanes give: else `npm run pictures` draws it again', () => {
  expect(picture('lotion.svg')).toBe(whatLotionDoes())
})

it('draws a terminal line by line', () => {
  const drawn = terminal('a <b>', 'one\n  two & three\n')
  expect([...drawn.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    '$ a &lt;b>',
    'one',
    '  two &amp; three',
  ])
})
