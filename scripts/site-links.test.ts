import { expect, it } from 'vitest'
import { checkLinks } from './site-links.mjs'

const site = (base: string, pages: Record<string, string>, others: readonly string[] = []) => ({
  base,
  files: new Set([...Object.keys(pages), ...others]),
  pages: new Map(Object.entries(pages)),
})
const dead = (base: string, pages: Record<string, string>, others?: readonly string[]) =>
  checkLinks(site(base, pages, others)).dead.map(({ page, link, why }) => `${page} ${link}: ${why}`)

it('follows links to files, folders, names without an ending, and anchors', () => {
  const pages = {
    'index.html':
      '<h1 id="top">a</h1><a href="/b/">b</a><a href="c">c</a><a href="#top">top</a><img src="/x.svg">',
    'b/index.html': '<a href="../c.html#two%20words">c</a><a href="https://example.org/none">far</a>',
    'c.html': '<h2 id="two words">c</h2><a href="mailto:a@example.org">write</a>',
  }
  expect(dead('/', pages, ['x.svg'])).toEqual([])
  expect(checkLinks(site('/', pages, ['x.svg'])).links).toBe(5)
})

it('names the page, the link and what is wrong with it', () => {
  const pages = {
    'index.html':
      '<a href="/none.html">a</a><a href="/b.html#none">b</a><a href="#no">c</a><img src="/x.svg">',
    'b.html': '<p id="other">b</p>',
  }
  expect(dead('/', pages)).toEqual([
    'index.html /none.html: no such file',
    'index.html /b.html#none: no such anchor in b.html',
    'index.html #no: no such anchor in index.html',
    'index.html /x.svg: no such file',
  ])
})

it('finds links that forget the base', () => {
  expect(dead('/lotion/', { 'index.html': '<a href="/lotion/">a</a><a href="/">b</a>' })).toEqual([
    'index.html /: leads out of /lotion/',
  ])
})
