// The site. Comes in: built packages, the pages of docs and the READMEs. Goes out: docs/api, which typedoc
// writes of what packages export, and the static pages of all of it in docs/.vitepress/dist; with `--serve`,
// they are served until the command is stopped.
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { node, root, run } from './spawn.mjs'

const vitepress = (/** @type {string[]} */ ...args) =>
  run(node('node_modules/vitepress/bin/vitepress.js', ...args))

/**
 * @param {readonly string[]} args nothing, `--serve`, or `--serve --port N`
 * @returns {Promise<number>} exit status
 */
export async function site(args) {
  const unknown = args.find(
    (arg, i) =>
      !(arg === '--serve' || ((arg === '--port' || args[i - 1] === '--port') && args.includes('--serve'))),
  )
  if (unknown !== undefined)
    throw new Error(`unknown argument '${unknown}': expected nothing, --serve, or --serve --port N`)
  // Pages of entries that are no more would stay.
  await rm(join(root, 'docs/api'), { recursive: true, force: true })
  const status = (await run(node('node_modules/typedoc/bin/typedoc'))) || (await vitepress('build', 'docs'))
  return status || !args.includes('--serve')
    ? status
    : vitepress('preview', 'docs', ...args.filter((arg) => arg !== '--serve'))
}
