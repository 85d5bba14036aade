// Pages in a browser. Comes in: the address of a page of the served site. Goes out: a picture of it in light,
// dark and on a phone, and what is wrong: errors of the console, files that do not load, a page that shows
// nothing, what overflows sideways, what axe finds.
import axe from 'axe-core'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** @typedef {import('playwright-core').Page} Tab */

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }

const colours = ['color-contrast', 'link-in-text-block']

/** Another colour scheme changes colours alone, a phone everything else. */
const ways = /** @type {const} */ ([
  { name: 'light', size: desktop, colorScheme: 'light', rules: {} },
  { name: 'dark', size: desktop, colorScheme: 'dark', rules: { runOnly: colours } },
  {
    name: 'phone',
    size: phone,
    colorScheme: 'light',
    rules: { rules: Object.fromEntries(colours.map((rule) => [rule, { enabled: false }])) },
  },
])

/** What any host offers; brotli, which a browser prefers, takes the preview long for large files. */
export const gzip = { 'accept-encoding': 'gzip' }

/** A picture of one colour is smaller. */
const leastPicture = 10_000

/** Chromium draws no taller pictures well. */
const tallest = 8_000

/**
 * Open a tab whose problems are noted.
 * @param {import('playwright-core').Browser} browser
 * @returns {Promise<{ readonly tab: Tab, readonly problems: string[] }>}
 */
export async function openTab(browser) {
  const context = await browser.newContext({
    viewport: desktop,
    colorScheme: 'light',
    reducedMotion: 'reduce',
  })
  // On a machine that does other work, large pages take their time.
  context.setDefaultTimeout(120_000)
  const tab = await context.newPage()
  /** @type {string[]} */
  const problems = []
  tab.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`console: ${message.text()}`)
  })
  tab.on('pageerror', (error) => problems.push(`error: ${error.message}`))
  tab.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // Whoever leaves a page early leaves its requests.
    if (why !== 'net::ERR_ABORTED') problems.push(`${request.url()}: ${why}`)
  })
  tab.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.url()}: status ${response.status()}`)
  })
  return { tab, problems }
}

/**
 * Look at one page in every way.
 * @param {Tab} tab
 * @param {string[]} problems those of the tab, to which what is found is added
 * @param {string} url
 * @param {string} pictures path of its pictures, without `-light.png`
 * @param {boolean} [whole] whether they show all of the page, not its first screen alone
 */
export async function lookAt(tab, problems, url, pictures, whole = false) {
  await mkdir(dirname(pictures), { recursive: true })
  await tab.setViewportSize(desktop)
  await tab.emulateMedia({ colorScheme: 'light' })
  await tab.goto(url, { waitUntil: 'networkidle' })
  await tab.evaluate(axe.source)
  problems.push(...(await lacks(tab)))
  for (const { name, size, colorScheme, rules } of ways) {
    await tab.setViewportSize(size)
    await tab.emulateMedia({ colorScheme })
    await hasScheme(tab, colorScheme)
    const at = (/** @type {string} */ text) => `${name}: ${text}`
    problems.push(...(await overflow(tab)).map(at), ...(await violations(tab, rules)).map(at))
    const path = `${pictures}-${name}.png`
    const picture = await tab.screenshot({ path, ...(whole ? await wholePage(tab, size) : {}) })
    if (picture.length < leastPicture) problems.push(at(`the picture shows nothing: ${path}`))
  }
}

/** @param {Tab} tab @param {{ readonly width: number }} size @returns what a picture of a whole page needs */
async function wholePage(tab, { width }) {
  const height = Math.min(tallest, await tab.evaluate(() => document.documentElement.scrollHeight))
  return { clip: { x: 0, y: 0, width, height }, fullPage: true }
}

/** @param {Tab} tab @returns {Promise<string[]>} what each page has, and this one does not show */
const lacks = (tab) =>
  tab.evaluate(() => {
    const main = document.querySelector('main, .VPHome, .NotFound')
    const text = main instanceof HTMLElement ? main.innerText.trim() : ''
    const heading = document.querySelectorAll('h1')
    const found = {
      'a title': document.title.trim() !== '',
      'a description':
        (document.querySelector('meta[name=description]')?.getAttribute('content') ?? '') !== '',
      'one heading of the first level': heading.length === 1 && heading[0]?.checkVisibility() === true,
      text: text.length > 30,
      'every line of a terminal in sight': [
        ...document.querySelectorAll(':is(.language-text, .language-txt, .language-sh) pre'),
      ].every(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth),
      'every figure drawn': [...document.querySelectorAll('.live')].every(
        ({ children }) => children.length > 0,
      ),
    }
    return Object.entries(found).flatMap(([name, has]) => (has ? [] : [`expected ${name}, found none`]))
  })

/** @param {Tab} tab @returns {Promise<string[]>} what sticks out sideways, where nothing scrolls it */
const overflow = (tab) =>
  tab.evaluate(() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const scrolls = (/** @type {Element} */ element) => {
      for (let at = element.parentElement; at; at = at.parentElement)
        if (at !== document.documentElement && getComputedStyle(at).overflowX !== 'visible') return true
      return false
    }
    const wide = [...document.querySelectorAll('body *')]
      .filter((element) => element.getBoundingClientRect().right > width + 1 && !scrolls(element))
      .at(-1)
    return [
      `the page is ${document.documentElement.scrollWidth} wide, not ${width}: ${wide?.outerHTML.slice(0, 120) ?? 'unknown'}`,
    ]
  })

/**
 * Wait until the background is that of a colour scheme; the theme follows the system's a moment later.
 * @param {Tab} tab @param {'light' | 'dark'} scheme
 */
const hasScheme = (tab, scheme) =>
  tab.waitForFunction((expected) => {
    const [red = 255, green = 255, blue = 255] = (
      getComputedStyle(document.body).backgroundColor.match(/\d+/g) ?? []
    ).map(Number)
    return red + green + blue < 3 * 128 === (expected === 'dark')
  }, scheme)

/**
 * Ask axe.
 * @param {Tab} tab @param {import('axe-core').RunOptions} rules
 * @returns {Promise<string[]>}
 */
const violations = (tab, rules) =>
  tab.evaluate(async (options) => {
    const { axe: tool } = /** @type {{ axe: typeof axe }} */ (/** @type {unknown} */ (globalThis))
    const results = await tool.run(document, { ...options, resultTypes: ['violations'] })
    return results.violations.map(
      ({ id, nodes: [first, ...others], help }) =>
        `axe ${id}: ${help}: ${others.length + 1} ×, first ${first?.target.join(' ')} ${first?.html.slice(0, 160)}`,
    )
  }, rules)
