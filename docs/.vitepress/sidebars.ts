// Sidebars. Comes in: the guide's list, the folders of results and design notes, what typedoc wrote. Goes
// out: a sidebar for each part of the site. A page is named by its first heading; one that no list has, or
// that a list has and no file, is an error.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DefaultTheme } from 'vitepress'
import { guide } from './guide.js'

const docs = fileURLToPath(new URL('..', import.meta.url))

/** List the pages of a folder of `docs`, as paths from `docs`, without `.md`, sorted. */
const pagesOf = (folder: string): readonly string[] =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name.slice(0, -'.md'.length)}`)
    .sort()

/** Make the entry of one page. */
function entry(page: string): DefaultTheme.SidebarItem {
  const path = join(docs, `${page}.md`)
  if (!existsSync(path))
    throw new Error(`docs/.vitepress/guide.ts: expected a page at docs/${page}.md, found none`)
  const heading = /^# (?<text>.+)$/m.exec(readFileSync(path, 'utf8'))?.groups?.['text']
  if (heading === undefined) throw new Error(`docs/${page}.md: expected a first heading '# …', found none`)
  return { text: heading.replaceAll('`', ''), link: `/docs/${page.replace(/(^|\/)index$/, '$1')}` }
}

/** Make the guide's sidebar: every page of the folder is in the list. */
function guideSidebar(): DefaultTheme.SidebarItem[] {
  const listed = guide.flatMap(({ pages }) => pages.map(({ path }) => path))
  const forgotten = pagesOf('guide').find((page) => !listed.includes(page))
  if (forgotten !== undefined)
    throw new Error(
      `docs/${forgotten}.md: expected '${forgotten}' in docs/.vitepress/guide.ts, found it in no group`,
    )
  return guide.map(({ text, pages }) => ({ text, items: pages.map(({ path }) => entry(path)) }))
}

/** Make the sidebar that typedoc has written; before its first run there is none. */
function apiSidebar(): DefaultTheme.SidebarItem[] {
  const path = join(docs, 'api/typedoc-sidebar.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as DefaultTheme.SidebarItem[]) : []
}

/** Make all sidebars, by the path that they belong to. */
export function sidebars(): DefaultTheme.SidebarMulti {
  const pages = guideSidebar()
  const results = ['results/README', ...pagesOf('results').filter((page) => page !== 'results/README')]
  return {
    '/docs/guide/': pages,
    '/docs/formats': pages,
    '/docs/api/': apiSidebar(),
    '/docs/results/': [{ text: 'Results', items: results.map(entry) }],
    '/docs/design/': [{ text: 'Design', items: pagesOf('design').map(entry) }],
  }
}
