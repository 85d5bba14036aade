// The built site. Goes out: what lies in it and under which path it is to be served, and a server of it.
import compression from 'compression'
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import sirv from 'sirv'
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

/** Nobody else on the network sees what is served. */
const host = '127.0.0.1'

/**
 * @typedef {object} Served
 * @property {string} address
 * @property {string} host what it listens on
 * @property {() => Promise<void>} close
 */

/**
 * Serve the site to this machine, compressed, as a host of static pages does: what is not there is 404.html.
 * @param {string} base path under which it was built
 * @param {number} port
 * @param {string} [folder]
 * @returns {Promise<Served>}
 */
export async function serveSite(base, port, folder = siteFolder) {
  const missing = readFileSync(join(folder, '404.html'))
  const files = sirv(folder, { etag: true })
  const compress = compression()
  const server = createServer((request, response) =>
    compress(/** @type {any} */ (request), /** @type {any} */ (response), () => {
      const none = () => {
        response.writeHead(404, { 'content-type': 'text/html' }).end(missing)
      }
      if (!request.url?.startsWith(base)) return none()
      request.url = request.url.slice(base.length - 1)
      files(request, response, none)
    }),
  )
  await new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve(undefined))
  }).catch((/** @type {NodeJS.ErrnoException} */ error) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new Error(`port ${port} is taken: name another, npm run docs -- --serve --port ${port + 1}`)
  })
  const bound = server.address()
  return {
    address: `http://${host}:${port}${base}`,
    host: typeof bound === 'object' ? (bound?.address ?? '') : '',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined))
        server.closeAllConnections()
      }),
  }
}

/** Find a port that is free now. @returns {Promise<number>} */
export const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
