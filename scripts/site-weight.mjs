// Weight of the front page. Comes in: the served site. Goes out: how many bytes a browser fetches that opens
// it for the first time, from a server that compresses with gzip, until nothing more comes.
import { gzip } from './site-pages.mjs'

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @returns {Promise<{ readonly bytes: number, readonly files: readonly string[] }>}
 */
export async function weigh(browser, address) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, extraHTTPHeaders: gzip })
  const tab = await context.newPage()
  const session = await context.newCDPSession(tab)
  await session.send('Network.enable')
  /** @type {Map<string, string>} */
  const names = new Map()
  /** @type {{ readonly name: string, readonly bytes: number }[]} */
  const fetched = []
  session.on('Network.responseReceived', ({ requestId, response }) => names.set(requestId, response.url))
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength: bytes }) =>
    fetched.push({ name: (names.get(requestId) ?? '').slice(address.length), bytes }),
  )
  await tab.goto(address, { waitUntil: 'networkidle' })
  await context.close()
  const files = fetched
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ name, bytes }) => `${(bytes / 1000).toFixed(1)} kB ${name || 'index.html'}`)
  return { bytes: fetched.reduce((sum, { bytes }) => sum + bytes, 0), files }
}
