// The built site. Goes out: what lies in it and under which path it is to be served, and a server of it.
import { readFileSync, readdirSync } from 'node:fs'
import { Server as HttpServer } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { serve } from 'vitepress'
import { root } from './spawn.mjs'

/** Where the built site lies. */
export const siteFolder = join(root, 'docs/.vitepress/dist')

/** Read the site. @returns {import('./site-links.mjs').Site} */
export function readSite() {
  const files = readdirSync(siteFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) =>
      join(parentPath, name)
        .slice(siteFolder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
  const pages = files
    .filter((path) => path.endsWith('.html'))
    .map((path) => /** @type {const} */ ([path, readFileSync(join(siteFolder, path), 'utf8')]))
  const front = readFileSync(join(siteFolder, 'index.html'), 'utf8')
  const base = /<link [^>]*href="(?<base>\/[^"]*)favicon\.svg"/.exec(front)?.groups?.['base']
  if (base === undefined) throw new Error('index.html of the site: expected an icon favicon.svg, found none')
  return { base, files: new Set(files), pages: new Map(pages) }
}

/**
 * Serve the site, as VitePress previews it.
 * @param {string} base path under which it was built
 * @param {number} port
 * @returns {Promise<{ readonly address: string, readonly close: () => Promise<void> }>}
 */
export async function serveSite(base, port) {
  // VitePress waits for no answer of the system, and says that it serves what it cannot.
  if (!(await isFree(port)))
    throw new Error(`port ${port} is taken: name another, npm run docs -- --serve --port ${port + 1}`)
  const { server } = await serve({ root: join(root, 'docs'), base, port })
  return {
    address: `http://localhost:${port}${base}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined))
        if (server instanceof HttpServer) server.closeAllConnections()
      }),
  }
}

/** @param {number} port @returns {Promise<boolean>} */
const isFree = (port) =>
  new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, () => probe.close(() => resolve(true)))
  })

/** Find a port that is free now. @returns {Promise<number>} */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
