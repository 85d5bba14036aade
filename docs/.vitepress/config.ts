// The site: guide, API, results, design notes. Comes in: docs/**/*.md, with the API that typedoc writes to
// docs/api. Goes out: static pages.

import { katex } from '@mdit/plugin-katex'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { defineConfig, type DefaultTheme } from 'vitepress'

/** The sidebar that typedoc makes of what packages export. */
const api = new URL('../api/typedoc-sidebar.json', import.meta.url)
const apiItems = existsSync(api) ? (JSON.parse(readFileSync(api, 'utf8')) as DefaultTheme.SidebarItem[]) : []

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link })

const guide: DefaultTheme.SidebarItem[] = [
  {
    text: 'Start',
    items: [
      page('5 minutes to a 4-bit model', '/docs/guide/'),
      page('What quantization does to a loss', '/docs/guide/quantization'),
      page('LOTION in pictures', '/docs/guide/lotion'),
      page('Your own loop', '/docs/guide/own-loop'),
      page('What does not work', '/docs/guide/limits'),
    ],
  },
  {
    text: 'Write your own',
    items: [
      page('A noise', '/docs/guide/write-a-noise'),
      page('A format', '/docs/guide/write-a-format'),
      page('A Fisher', '/docs/guide/write-a-fisher'),
      page('An optimizer', '/docs/guide/write-an-optimizer'),
      page('A method', '/docs/guide/write-a-method'),
      page('A task', '/docs/guide/write-a-task'),
    ],
  },
  {
    text: 'Look up',
    items: [
      page('Formats', '/docs/formats'),
      page('Glossary', '/docs/guide/glossary'),
      page('Coming from optax, torchao, Brevitas, Keras', '/docs/guide/coming-from'),
    ],
  },
]

const results = ['quickstart', 'synthetic', 'engine', 'kernels', 'state', 'cast', 'kills', 'bug-reports']
const design = [
  ['01-architecture', 'Architecture'],
  ['02-lanes', 'Lanes'],
  ['03-formats-and-methods', 'Formats and methods'],
  ['04-bench', 'Tasks and comparisons'],
  ['05-smooth-noises', 'Smooth noises'],
  ['06-traced-engine', 'The traced engine'],
  ['07-cpu', 'CPU'],
  ['08-gpu', 'GPU'],
  ['09-tfjs', 'tfjs'],
  ['10-matrix', 'The matrix'],
  ['11-files', 'Files'],
  ['12-speed-tests', 'Speed tests'],
]

/** The top of the repository: pages lie where their sources do, so that links are good in both. */
const top = new URL('../..', import.meta.url).pathname

/** Tell whether a file, by its path from the top, is a page of the site. */
const isPage = (path: string): boolean =>
  /^(README|CONTRIBUTING)\.md$|^docs\/.*\.md$|^(packages|benchmarks|examples)\/([^/]+\/)?README\.md$/.test(
    path,
  )

/** Where a link of a page leads: a page, or nothing that the site has. */
function linkOf(href: string, from: string): string | undefined {
  if (/^([a-z]+:|#|\/)/.test(href)) return href
  const [path = '', hash] = href.split('#')
  const target = normalize(join(dirname(from), path))
  const page = [target, join(target, 'README.md'), join(target, 'index.md')].find(
    (each) => isPage(each) && existsSync(join(top, each)),
  )
  return page === undefined ? undefined : `/${page}${hash === undefined ? '' : `#${hash}`}`
}

export default defineConfig({
  srcDir: '..',
  cacheDir: '../node_modules/.cache/vitepress',
  srcExclude: [
    '**/node_modules/**',
    '**/templates/**',
    '**/dist/**',
    '**/golden/**',
    '**/CHANGELOG.md',
    '.changeset/**',
    'runs/**',
  ],
  title: '@lotion',
  description: 'Train neural networks whose weights will be stored in 4 bits, in TypeScript',
  lang: 'en',
  cleanUrls: false,
  rewrites: { 'docs/index.md': 'index.md' },
  markdown: {
    config: (md) => {
      md.use(katex, { strict: 'error' })
      // Sources and folders are in the repository, not on the site: their names stay, the link goes.
      md.core.ruler.push('links', ({ tokens, env }) => {
        for (const { children } of tokens)
          for (const [i, token] of (children ?? []).entries()) {
            if (token.type !== 'link_open') continue
            const link = linkOf(
              token.attrGet('href') ?? '',
              String((env as { relativePath?: string }).relativePath),
            )
            if (link !== undefined) {
              token.attrSet('href', link)
              continue
            }
            const close = children!.findIndex((other, k) => k > i && other.type === 'link_close')
            for (const edge of [token, children![close]!])
              Object.assign(edge, { type: 'text', tag: '', content: '', attrs: null, nesting: 0 })
          }
      })
    },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/docs/guide/', activeMatch: '^/docs/guide/' },
      { text: 'API', link: '/docs/api/', activeMatch: '^/docs/api/' },
      { text: 'Results', link: '/docs/results/', activeMatch: '^/docs/results/' },
      { text: 'Design', link: '/docs/design/01-architecture', activeMatch: '^/docs/design/' },
    ],
    sidebar: {
      '/docs/guide/': guide,
      '/docs/formats': guide,
      '/docs/api/': apiItems,
      '/docs/results/': [
        { text: 'Results', items: results.map((name) => page(name, `/docs/results/${name}`)) },
      ],
      '/docs/design/': [
        { text: 'Design', items: design.map(([name, text]) => page(text, `/docs/design/${name}`)) },
      ],
    },
  },
})
