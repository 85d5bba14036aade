// The live figures as pictures, for those who read a page in the repository. Comes in: the components, as they
// open. Goes out: SVG by file name, with its keys below, readable in light and dark.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vitepress'
import { createSSRApp, type Component } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { figureFiles } from '../figures.js'

const theme = new URL('../theme/', import.meta.url)

/** What the style of the figures takes from VitePress, and its page's colour. */
const scheme = {
  light: '--vp-c-text-1:#3c3c43;--vp-c-text-2:#67676c;--vp-c-divider:#e2e2e3;--page:#fff',
  dark: '--vp-c-text-1:#dfdfd6;--vp-c-text-2:#98989f;--vp-c-divider:#2e2e32;--page:#1b1b1f',
}

/** The figures' own style, for the colours of the system in place of the page's. */
function style(): string {
  const rules = readFileSync(new URL('style.css', theme), 'utf8')
    .replaceAll(/\/\*.*?\*\//gs, '')
    .match(
      /^(?::root|\.dark|\.(?:live )?\.?(?:curve|axis|mark|grid|point|place|bar|to|number|name|dot)[\w., \n]*) \{[^}]*\}/gm,
    )
  const own = (rules ?? [])
    .join('\n')
    .replace(/^\.dark (\{[^}]*\})/m, '@media (prefers-color-scheme:dark){:root$1}')
  return `<style>:root{${scheme.light}}@media (prefers-color-scheme:dark){:root{${scheme.dark}}}
${own}
text{font-family:system-ui,sans-serif;fill:var(--vp-c-text-1);font-size:14px}.page{fill:var(--page)}</style>`
}

/** One picture of the graphs of a figure, one below the other, each with its keys. */
function pictureOf(html: string): string {
  const parts: string[] = []
  let top = 8
  for (const [, graph = '', keys = ''] of html.matchAll(
    /<figure[^>]*>(.*?)<figcaption[^>]*>(.*?)<\/figcaption>/gs,
  )) {
    const [, width = '640', height = '320'] = /viewBox="0 0 (\d+) (\d+)"/.exec(graph) ?? []
    parts.push(graph.replace('<svg ', `<svg x="8" y="${top}" width="${width}" height="${height}" `))
    top += Number(height) + 8
    let left = 16
    for (const [, key = '', text = ''] of keys.matchAll(/(<svg.*?<\/svg>)(.*?)<\/span>/gs)) {
      const words = text.replaceAll(/<!--.*?-->|\s+/gs, ' ').trim()
      if (left + 34 + words.length * 7.2 > 640) [left, top] = [16, top + 22]
      parts.push(
        key.replace('<svg ', `<svg x="${left}" y="${top}" width="24" height="12" `),
        `<text x="${left + 30}" y="${top + 11}">${words}</text>`,
      )
      left += 52 + Math.ceil(words.length * 7.2)
    }
    top += 28
  }
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 656 ${top}" width="656" height="${top}" class="live">`
  return `${[open, style(), `<rect width="656" height="${top}" rx="8" class="page"/>`, ...parts, '</svg>'].join('\n').replaceAll('<!--[-->', '').replaceAll('<!--]-->', '')}\n`
}

/** Draw each figure as it opens. */
export async function liveFigures(): Promise<Readonly<Record<string, string>>> {
  const server = await createServer(fileURLToPath(new URL('../..', import.meta.url)), {
    middlewareMode: true,
  })
  try {
    const drawn: Record<string, string> = {}
    for (const [file, name] of Object.entries(figureFiles)) {
      const module = await server.ssrLoadModule(fileURLToPath(new URL(`${name}.vue`, theme)))
      drawn[file] = pictureOf(await renderToString(createSSRApp(module['default'] as Component)))
    }
    return drawn
  } finally {
    await server.close()
  }
}
