// Links of the built site. Comes in: its files. Goes out: what is dead: links, images, scripts and styles
// whose file is not there, and anchors that their page does not have. Pure, so that it can be tested.
import { parse } from 'node-html-parser'

/**
 * @typedef {object} Site
 * @property {string} base path under which it is served: `/`, `/lotion/`
 * @property {ReadonlySet<string>} files paths from the top of the site, `docs/guide/index.html`
 * @property {ReadonlyMap<string, string>} pages text of those that are HTML
 */

/** @typedef {{ readonly page: string, readonly link: string, readonly why: string }} DeadLink */

const attributes = /** @type {const} */ (['href', 'src'])

/** @param {Site} site @returns {{ readonly links: number, readonly dead: readonly DeadLink[] }} */
export function checkLinks({ base, files, pages }) {
  const parsed = new Map([...pages].map(([path, text]) => [path, namesAndLinks(text)]))
  let links = 0
  const dead = [...parsed].flatMap(([page, { links: own }]) =>
    own.flatMap((link) => {
      const url = new URL(link, `http://site${base}${page}`)
      if (url.host !== 'site') return []
      links++
      const why = wrong(url)
      return why === undefined ? [] : [{ page, link, why }]
    }),
  )
  return { links, dead }

  /** @param {URL} url @returns {string | undefined} what is wrong with where it leads */
  function wrong({ pathname, hash }) {
    const path = decodeURIComponent(pathname)
    if (!path.startsWith(base)) return `leads out of ${base}`
    const below = path.slice(base.length)
    const file = [below, `${below}index.html`, `${below}.html`].find((each) => files.has(each))
    if (file === undefined) return 'no such file'
    const anchor = decodeURIComponent(hash.slice(1))
    return anchor === '' || parsed.get(file)?.names.has(anchor) !== false
      ? undefined
      : `no such anchor in ${file}`
  }
}

/**
 * @param {string} html
 * @returns {{ readonly names: ReadonlySet<string>, readonly links: readonly string[] }} its anchors, and each
 * link once
 */
function namesAndLinks(html) {
  const top = parse(html)
  const names = top.querySelectorAll('[id]').map(({ id }) => id)
  const links = attributes.flatMap((name) =>
    top.querySelectorAll(`[${name}]`).map((element) => element.getAttribute(name) ?? ''),
  )
  return { names: new Set(names), links: [...new Set(links)] }
}
