// The site: guide, API, results, design notes. Comes in: docs/**/*.md, with the API that typedoc writes to
// docs/api. Goes out: static pages.

import { katex } from '@mdit/plugin-katex'
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type HeadConfig } from 'vitepress'
import { foldersWithoutPages, pageRules, rewrites } from './pages.js'
import { search } from './search.js'
import { sidebars } from './sidebars.js'

/** KaTeX's style and fonts, where pages with formulas find them: VitePress's one style would burden all. */
const formulaStyle = 'assets/katex.css'

/** Copy KaTeX's style into the site, with the fonts that today's browsers take. */
async function copyFormulaStyle(site: string): Promise<void> {
  const source = fileURLToPath(new URL('../../node_modules/katex/dist/', import.meta.url))
  const style = await readFile(join(source, 'katex.min.css'), 'utf8')
  const fonts = join(site, 'assets/fonts')
  await mkdir(fonts, { recursive: true })
  for (const name of await readdir(join(source, 'fonts')))
    if (name.endsWith('.woff2')) await cp(join(source, 'fonts', name), join(fonts, name))
  await writeFile(
    join(site, formulaStyle),
    style.replaceAll(/,url\([^)]*\) format\("(?:woff|truetype)"\)/g, ''),
  )
}

/** Let a wide formula be scrolled by keys; the plugin draws a wrong one in red and goes on. */
function formula(html: string, isBlock: boolean): string {
  if (html.includes('katex-error')) throw new Error(`KaTeX cannot read a formula: ${html}`)
  return isBlock ? html.replace('<p ', '<p tabindex="0" ') : html
}

export default defineConfig({
  srcDir: '..',
  cacheDir: '../node_modules/.cache/vitepress',
  srcExclude: [
    ...foldersWithoutPages(),
    '**/node_modules/**',
    '**/templates/**',
    '**/dist/**',
    '**/golden/**',
    '**/CHANGELOG.md',
    'packages/*/api/**',
  ],
  title: '@lotion',
  description: 'Train neural networks whose weights will be stored in 4 bits, in TypeScript',
  lang: 'en',
  cleanUrls: false,
  rewrites,
  vite: { publicDir: fileURLToPath(new URL('public', import.meta.url)) },
  // An own home page has no paragraph: its description is the site's. Paths are of the base that the command
  // names.
  transformPageData: (page, { siteConfig }) => {
    const { base } = siteConfig.site
    const head: HeadConfig[] = [
      ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }],
      ['meta', { property: 'og:type', content: 'website' }],
      ['meta', { property: 'og:title', content: page.title || '@lotion' }],
      ['meta', { property: 'og:description', content: page.description || siteConfig.site.description }],
    ]
    if (page.frontmatter['formulas'] === true)
      head.push(['link', { rel: 'stylesheet', href: `${base}${formulaStyle}` }])
    return { frontmatter: { ...page.frontmatter, head } }
  },
  buildEnd: ({ outDir }) => copyFormulaStyle(outDir),
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      // Its types are of a newer markdown-it than VitePress's.
      md.use(katex as unknown as (renderer: typeof md, options: object) => void, { transformer: formula })
      pageRules(md)
    },
  },
  themeConfig: {
    logo: '/favicon.svg',
    search,
    notFound: { linkLabel: 'Take me home' },
    outline: [2, 3],
    nav: [
      { text: 'Guide', link: '/docs/guide/', activeMatch: '^/docs/guide/' },
      { text: 'API', link: '/docs/api/', activeMatch: '^/docs/api/' },
      { text: 'Results', link: '/docs/results/README', activeMatch: '^/docs/results/' },
      { text: 'Design', link: '/docs/design/01-architecture', activeMatch: '^/docs/design/' },
    ],
    sidebar: sidebars(),
  },
})
