// The site. Comes in: built packages, the pages of docs and the READMEs. Goes out: docs/api, which typedoc
// writes of what packages export, and the static pages of all of it in docs/.vitepress/dist, without a dead
// link; with `--serve`, they are served until the command is stopped.
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { node, root, run } from './spawn.mjs'

/**
 * @param {readonly string[]} args nothing, or some of `--base /path/`, `--serve`, `--port N`
 * @returns {Promise<number>} exit status
 */
export async function site(args) {
  const { base, port, serve } = options(args)
  // Pages of entries that are no more would stay.
  await rm(join(root, 'docs/api'), { recursive: true, force: true })
  const status =
    (await run(node('node_modules/typedoc/bin/typedoc'))) ||
    (await run(node('node_modules/vitepress/bin/vitepress.js', 'build', 'docs', '--base', base)))
  if (status) return status
  // Loaded here: other commands of the root do without VitePress.
  const { readSite, serveSite, siteFolder } = await import('./built-site.mjs')
  const { checkLinks } = await import('./site-links.mjs')
  const built = readSite()
  const { links, dead } = checkLinks(built)
  for (const { page, link, why } of dead) console.log(`${page} links to ${link}: ${why}`)
  console.log(
    `${relative(root, siteFolder)}: ${built.pages.size} pages, ${links} links, ${dead.length} of them dead`,
  )
  if (dead.length > 0) return 1
  if (!serve) {
    console.log('see it:   npm run docs -- --serve\ncheck it: npm run site')
    return 0
  }
  const { address } = await serveSite(base, port)
  console.log(`served to this machine at ${address}`)
  return new Promise(() => undefined)
}

/** @param {readonly string[]} args */
function options(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      base: { type: 'string', default: '/' },
      port: { type: 'string', default: '4173' },
      serve: { type: 'boolean', default: false },
    },
  })
  const { base, serve } = values
  if (!/^\/([\w.-]+\/)*$/.test(base))
    throw new Error(`--base: expected a path that begins and ends with /, found '${base}'`)
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new Error(`--port: expected a number from 1 to 65535, found '${values.port}'`)
  return { base, port, serve }
}
