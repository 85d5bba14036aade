import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hero } from './hero.js'
import { terminal } from './terminal.js'
import { whatLotionDoes } from './what-lotion-does.js'

const picture = (name: string): string =>
  readFileSync(new URL(`../../pictures/${name}`, import.meta.url), 'utf8')

it('shows what the lanes give: else `npm run pictures` draws it again', () => {
  expect(picture('lotion.svg')).toBe(whatLotionDoes())
})

it('draws for the front page three curves, none of them out of the picture', () => {
  const drawn = hero()
  expect(drawn).not.toContain('NaN')
  const curves = [...drawn.matchAll(/<path d="M([^"h]+)" class="curve (\w+)"/g)]
  expect(curves.map(([, , kind]) => kind)).toEqual(['plain', 'cast', 'smooth'])
  for (const [, points] of curves)
    for (const point of points!.split('L')) {
      const [x, y] = point.split(' ').map(Number)
      expect(x! >= 0 && x! <= 520 && y! >= 40 && y! <= 321).toBe(true)
    }
})

it('draws a terminal line by line', () => {
  const drawn = terminal('a <b>', 'one\n  two & three\n')
  expect([...drawn.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text)).toEqual([
    '$ a &lt;b>',
    'one',
    '  two &amp; three',
  ])
})
