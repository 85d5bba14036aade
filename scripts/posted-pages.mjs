// Pages in a real browser. Comes in: files with headers, or a function that gives them. Goes out: what the
// page posts to `/result`. Needs Chromium (CHROMIUM, or Debian's /usr/bin/chromium); WebGPU runs on its
// SwiftShader where there is no GPU.
import { createServer } from 'node:http'
import { chromium } from 'playwright-core'

/** Headers of pages that may share memory with their workers. */
export const isolatingHeaders = Object.freeze({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
})

/** @param {string} executablePath */
export function launchChromium(executablePath) {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--enable-unsafe-webgpu',
      '--use-webgpu-adapter=swiftshader',
      '--enable-features=Vulkan',
      '--enable-unsafe-swiftshader',
      '--js-flags=--max-old-space-size=4096',
    ],
  })
}

/** @typedef {(path: string) => readonly [type: string, text: string | Uint8Array] | undefined} Files */

/**
 * Answer with files, and take what is posted to `/result`: JSON, or it is refused and waited for longer.
 * @param {{ files: Files, headers: Readonly<Record<string, string>>, give: (value: any) => void }} place
 * @returns {import('node:http').RequestListener}
 */
export const answers =
  ({ files, headers, give }) =>
  (request, response) => {
    const [pathname = '/'] = (request.url ?? '/').split('?')
    if (pathname === '/result') {
      let text = ''
      request.on('data', (part) => (text += part))
      request.on('end', () => {
        try {
          give(JSON.parse(text))
          response.writeHead(204).end()
        } catch {
          response.writeHead(400, { 'Content-Type': 'text/plain' }).end('/result: expected JSON')
        }
      })
      return
    }
    const [type, text] = files(pathname) ?? []
    response.writeHead(type ? 200 : 404, { ...headers, 'Content-Type': type ?? 'text/plain' }).end(text)
  }

/**
 * Serve files, open `/`, and wait for what it posts.
 * @param {import('playwright-core').Browser} browser
 * @param {{ files: Files, headers: Readonly<Record<string, string>>, query: Record<string, string> }} place
 * @returns {Promise<any>} `{ error }` if the page failed or posted nothing within 5 minutes
 */
export async function posted(browser, { files, headers, query }) {
  /** @type {(value: any) => void} */
  let give = () => undefined
  const result = new Promise((resolve) => (give = resolve))
  const server = createServer(answers({ files, headers, give }))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : 0
  const tab = await browser.newPage()
  tab.on('crash', () => give({ error: 'the page crashed' }))
  tab.on('pageerror', (error) => give({ error: error.message }))
  const patience = setTimeout(() => give({ error: 'no result within 5 minutes' }), 300_000)
  try {
    await tab.goto(`http://localhost:${port}/?${new URLSearchParams(query).toString()}`)
    return await result
  } finally {
    clearTimeout(patience)
    await tab.close()
    server.close()
  }
}
