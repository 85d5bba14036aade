import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { hero } from './hero.js'
import { places } from '../theme/staircase.js'
import { terminal } from './terminal.js'
import { whatLotionDoes } from './what-lotion-does.js'

const picture = (name: string): string =>
  readFileSync(new URL(`../../pictures/${name}`, import.meta.url), 'utf8')

it('shows what the lanes give: else `npm run pictures` draws it again', () => {
  expect(picture('lotion.svg')).toBe(whatLotionDoes())
})

it('draws for the front page three curves, each without a gap', () => {
  const drawn = hero()
  expect(drawn).not.toContain('NaN')
  const curves = [...drawn.matchAll(/<path d="M([^"h]+)" class="curve (\w+)"/g)]
  expect(curves.map(([, , kind]) => kind)).toEqual(['plain', 'cast', 'smooth'])
  // A point that is left out between two others would be a longer step.
  const step = (places[1]! - places[0]!) * 290
  for (const [, points] of curves) {
    const along = points!.split('L').map((point) => Number(point.split(' ')[0]))
    expect(along.length).toBeGreaterThan(100)
    for (const [i, x] of along.slice(1).entries()) expect(x - along[i]!).toBeLessThan(step + 0.2)
    expect(along[0]).toBeLessThan(120)
    expect(along.at(-1)).toBeGreaterThan(490)
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
