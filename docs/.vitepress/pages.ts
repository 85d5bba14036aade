// What pages have in common. Comes in: a page's tokens. Goes out: links that lead to pages, or to nothing
// where they name a source; its description; whether it has formulas. A link to a file that the repository
// does not have is an error.

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MarkdownRenderer } from 'vitepress'
import { figureFiles } from './figures.js'

/** A markdown renderer's tokens, as it hands them to a rule. */
type Rule = Parameters<MarkdownRenderer['core']['ruler']['push']>[1]
type State = Parameters<Rule>[0]

/** The top of the repository: pages lie where their sources do, so that links are good in both. */
const top = fileURLToPath(new URL('../..', import.meta.url))

/** Pages that lie elsewhere on the site than in the repository, by their paths there. */
export const rewrites: Readonly<Record<string, string>> = { 'docs/index.md': 'index.md' }

/** Folders at the top in which pages lie. */
const withPages = ['docs', 'packages', 'benchmarks', 'examples']

/** All other folders at the top, as patterns: what somebody makes there becomes no page of the site. */
export const foldersWithoutPages = (folder = top): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !withPages.includes(entry.name))
    .map(({ name }) => `${name}/**`)

/** What VitePress and the rules below know of a page. */
interface Page {
  readonly relativePath?: string
  frontmatter?: { description?: string; formulas?: boolean; layout?: string }
}

/** More than this of a description is not shown by those who list pages. */
const longest = 200

/** Tell whether a file, by its path from the top, is a page of the site. */
const isPage = (path: string): boolean =>
  /^(README|CONTRIBUTING|SECURITY)\.md$|^docs\/.*\.md$|^(packages|benchmarks|examples)\/([^/]+\/)?README\.md$/.test(
    path,
  )

/** Where a link of a page leads: a page, or nothing that the site has. */
function linkOf(href: string, from: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(href)) return href
  const [path = '', hash] = href.split('#')
  const target = normalize(join(dirname(from), path))
  if (!existsSync(join(top, target)))
    throw new Error(`${from} links to ${href}: expected a file or folder at ${target}, found none`)
  const page = [target, join(target, 'README.md'), join(target, 'index.md')].find(
    (each) => isPage(each) && existsSync(join(top, each)),
  )
  return page === undefined ? undefined : `/${rewrites[page] ?? page}${hash === undefined ? '' : `#${hash}`}`
}

/** Sources and folders are in the repository, not on the site: their names stay, the link goes. */
function links({ tokens, env }: State): void {
  const path = String((env as Page).relativePath)
  const [from = path] = Object.keys(rewrites).filter((source) => rewrites[source] === path)
  for (const { children } of tokens)
    for (const [i, token] of (children ?? []).entries()) {
      if (token.type !== 'link_open') continue
      const link = linkOf(token.attrGet('href') ?? '', from)
      if (link !== undefined) {
        token.attrSet('href', link)
        continue
      }
      const close = children!.findIndex((other, k) => k > i && other.type === 'link_close')
      for (const edge of [token, children![close]!])
        Object.assign(edge, { type: 'text', tag: '', content: '', attrs: null, nesting: 0 })
    }
}

/** A page is described by its first paragraph, if it does not say its own description. */
function description({ tokens, env }: State): void {
  const page = env as Page
  const at = tokens.findIndex(({ type, level }) => type === 'paragraph_open' && level === 0)
  const text = (tokens[at + 1]?.children ?? [])
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : content))
    .join('')
    .trim()
  const words = text.length > longest ? `${text.slice(0, text.lastIndexOf(' ', longest))} …` : text
  if (words !== '') page.frontmatter = { description: words, ...page.frontmatter }
}

/** Pages with formulas say so: only they load the style of formulas. */
function formulas({ tokens, env }: State): void {
  const page = env as Page
  const has = tokens
    .flatMap((token) => [token, ...(token.children ?? [])])
    .some(({ type, content }) => type.startsWith('math_') || /<(Formula|Formulas)\b/.test(content))
  if (has) page.frontmatter = { ...page.frontmatter, formulas: true }
}

/** The picture of a live figure, which the repository shows, is that figure. */
function liveFigures({ tokens }: State): void {
  for (const [i, token] of tokens.entries()) {
    const [image, ...others] = token.children ?? []
    if (image?.type !== 'image' || others.length > 0) continue
    const name = figureFiles[basename(image.attrGet('src') ?? '')]
    if (name === undefined) continue
    for (const edge of [tokens[i - 1]!, tokens[i + 1]!]) edge.hidden = true
    Object.assign(token, { type: 'html_block', content: `<${name} />\n`, children: null })
  }
}

/** Indented blocks look and scroll like fenced ones. */
function indentedCode({ tokens }: State): void {
  for (const token of tokens)
    if (token.type === 'code_block')
      Object.assign(token, { type: 'fence', tag: 'code', info: 'txt', markup: '```' })
}

/** A heading of a table that says nothing is a cell: screen readers would announce it. */
function emptyHeadings({ tokens }: State): void {
  for (const [i, token] of tokens.entries())
    if (token.type === 'th_open' && tokens[i + 1]?.content === '')
      for (const edge of [token, tokens[i + 2]!]) edge.tag = 'td'
}

/** Add the rules to the renderer. */
export function pageRules(md: MarkdownRenderer): void {
  md.core.ruler.push('links', links)
  md.core.ruler.push('description', description)
  md.core.ruler.push('formulas', formulas)
  md.core.ruler.push('liveFigures', liveFigures)
  md.core.ruler.push('indentedCode', indentedCode)
  md.core.ruler.push('emptyHeadings', emptyHeadings)
}
