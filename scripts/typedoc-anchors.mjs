// Plugin of typedoc: links within a page lead to headings. Comes in: the Markdown of a page. Goes out: the
// same, where a link to the second heading of a name (`#lanenode-1`) leads to the first if there is no
// second: typedoc-plugin-markdown counts the parts of an intersection of types, which get no heading.
import { PageEvent } from 'typedoc'

/**
 * @param {string} markdown
 * @returns {string}
 */
export function linksToHeadings(markdown) {
  /** @type {Map<string, number>} */
  const headings = new Map()
  for (const [, text = ''] of markdown.matchAll(/^#{1,6} (.+)$/gm)) {
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-')
    headings.set(anchor, (headings.get(anchor) ?? 0) + 1)
  }
  return markdown.replaceAll(/\]\(#([\w-]+)-(\d+)\)/g, (link, anchor, count) => {
    const found = headings.get(anchor) ?? 0
    return found === 0 || found > Number(count) || headings.has(`${anchor}-${count}`) ? link : `](#${anchor})`
  })
}

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.renderer.on(PageEvent.END, (page) => {
    if (page.contents !== undefined) page.contents = linksToHeadings(page.contents)
  })
}
