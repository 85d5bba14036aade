import { expect, test } from 'vitest'
import { htmlTable } from './html-table.js'
import { markup, rawElement, type Piece } from './markup.js'

const evil = `</title><img src=x onerror="alert(1)">'&`
const harmless = '&lt;/title&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;'

test('text is escaped wherever it stands, markup stays, nothing leaves nothing, lists are joined', () => {
  expect(String(markup`<p title="${evil}">${evil}</p>`)).toBe(`<p title="${harmless}">${harmless}</p>`)
  const inner = markup`<b>${1.5}</b>`
  expect(String(markup`<p>${[inner, undefined, ' < ', [inner]]}</p>`)).toBe(
    '<p><b>1.5</b> &lt; <b>1.5</b></p>',
  )
  // Taken out as text, markup is text.
  expect(String(markup`<p>${String(inner)}</p>`)).toBe('<p>&lt;b&gt;1.5&lt;/b&gt;</p>')
  expect(String(markup`${'a\ud800b 😀'}`)).toBe('a\uFFFDb 😀')
})

test('what only looks like markup is refused by its type, and never taken for it', () => {
  const forged = { toString: () => '<img>' } as unknown as Piece
  expect(String(markup`<p>${forged}</p>`)).toBe('<p>&lt;img&gt;</p>')
})

test('what escaping does not make harmless is refused', () => {
  for (const make of [
    () => markup`<p ${evil}></p>`,
    () => markup`<p title=${evil}></p>`,
    () => markup`<p title="${markup`<b></b>`}"></p>`,
    () => markup`<p onclick="${evil}"></p>`,
    () => markup`<p style="${evil}"></p>`,
    () => markup`<a href="${'javascript:alert(1)'}"></a>`,
    () => markup`<a href="${'//example.com'}"></a>`,
    () => markup`<a href="java${'script:alert(1)'}"></a>`,
    () => markup`<image xlink:href="${'data:image/svg+xml,x'}"></image>`,
    () => markup`<script>${evil}</script>`,
    () => markup`<style>${evil}</style>`,
    () => rawElement('script', 'a</script>'),
    () => rawElement('style', '<!-- -->'),
  ])
    expect(make).toThrow(TypeError)
})

test('attributes that are there or not are templates too', () => {
  const mark = (isBest: boolean) => markup`<tr${isBest ? markup` class="${'a"b'}"` : ''}></tr>`
  expect([true, false].map((isBest) => String(mark(isBest)))).toEqual([
    '<tr class="a&quot;b"></tr>',
    '<tr></tr>',
  ])
  expect(() => markup` href="${'javascript:x'}"`).toThrow(TypeError)
})

test('a table escapes captions, heads and cells', () => {
  const page = String(
    htmlTable({ caption: evil, head: [evil], rows: [[evil, evil]], className: evil, strong: 0 }),
  )
  expect(page).not.toContain('<img')
  expect(new Set(page.match(/<[a-z]+/g))).toEqual(
    new Set(['<div', '<table', '<caption', '<thead', '<tr', '<th', '<tbody', '<td']),
  )
})
