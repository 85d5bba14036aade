// The report in a browser: light, dark, on a phone, printed. Needs Chromium; without it the test says so.

import axe from 'axe-core'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { recordedCli } from '@lotion/cli/internal'
import { chromium, type Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findChromium, noChromium } from './chromium.mjs'

const executablePath = findChromium()
if (executablePath === undefined) console.warn(`SKIPPED: the report in a browser: ${noChromium}`)

let folder = ''
let browser: Browser | undefined
beforeAll(async () => {
  if (executablePath === undefined) return
  folder = await mkdtemp(join(tmpdir(), 'lotion-report-page-'))
  const line =
    'run linear-regression --dimension 32 --steps 40 --seeds 3 --casts 2 --workers 1 --methods ptq,qat,lotion --out'
  const { status, stderr } = await recordedCli([...line.split(' '), join(folder, 'run')])
  if (status !== 0) throw new Error(stderr)
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  if (folder !== '') await rm(folder, { recursive: true, force: true })
})

test.skipIf(executablePath === undefined).each([
  ['light', 1280, 'light'],
  ['dark', 1280, 'dark'],
  ['phone', 390, 'light'],
  ['dark phone', 390, 'dark'],
] as const)(
  '%s: no errors, nothing sticks out, axe finds nothing, colours have contrast',
  async (_, width, scheme) => {
    const context = await browser!.newContext({ viewport: { width, height: 844 }, colorScheme: scheme })
    const tab = await context.newPage()
    const problems: string[] = []
    tab.on('console', (message) => void problems.push(message.text()))
    tab.on('pageerror', (error) => void problems.push(error.message))
    tab.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) problems.push(`asks for ${request.url()}`)
    })
    await tab.goto(pathToFileURL(join(folder, 'run/report.html')).href)
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await tab.evaluate(axe.source)
    const found = await tab.evaluate(
      "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id }) => id))",
    )
    expect(found).toEqual([])
    expect(await tab.locator('svg:visible').count()).toBeGreaterThan(8)
    expect(problems).toEqual([])
    await context.close()
  },
  120_000,
)

test.skipIf(executablePath === undefined)(
  'no table is cut off: on a phone rows fold or the table says that it scrolls, in print all is there',
  async () => {
    const context = await browser!.newContext({ viewport: { width: 390, height: 844 } })
    const tab = await context.newPage()
    await tab.goto(pathToFileURL(join(folder, 'run/report.html')).href)
    await tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    await tab.evaluate('new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)) })')
    const cutOff = `[...document.querySelectorAll('.scroll')].filter((each) => each.scrollWidth > each.clientWidth + 1)`
    const told = `getComputedStyle(each, '::before').content.includes('scroll')`
    expect(await tab.evaluate(`${cutOff}.filter((each) => !(${told})).length`)).toBe(0)
    // The table of results folds: nothing of it is out of sight, and each number stands beside its head.
    expect(await tab.evaluate("document.querySelector('.results').scrollWidth")).toBeLessThanOrEqual(390)
    expect(
      await tab.evaluate("getComputedStyle(document.querySelector('.results td'), '::before').content"),
    ).toBe('"full precision"')
    // Letters of drawings, in pixels of the page.
    const letters = `[...document.querySelectorAll('svg.plot text')].filter((each) => each.getClientRects().length > 0).map((each) => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)`
    expect(await tab.evaluate(`Math.min(...${letters}.filter((size) => size > 0))`)).toBeGreaterThanOrEqual(
      11,
    )
    // Paper of A4 between its margins; what is folded away is opened for it.
    await tab.setViewportSize({ width: 703, height: 1000 })
    await tab.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = false })")
    await tab.emulateMedia({ media: 'print' })
    await tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(await tab.evaluate("document.querySelectorAll('details:not([open])').length")).toBe(0)
    expect(await tab.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(703)
    expect(
      await tab.evaluate(
        "[...document.querySelectorAll('td, th, svg.plot')].filter((each) => each.getBoundingClientRect().right > 704).length",
      ),
    ).toBe(0)
    await tab.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(await tab.evaluate("document.querySelectorAll('details[open]').length")).toBe(0)
    await context.close()
  },
  120_000,
)

test.skipIf(executablePath === undefined)(
  'a page that loads itself again stays where it was, with what was opened',
  async () => {
    const context = await browser!.newContext({ viewport: { width: 390, height: 844 } })
    const tab = await context.newPage()
    const page = await readFile(join(folder, 'run/report.html'), 'utf8')
    const live = join(folder, 'live.html')
    await writeFile(live, page.replace('<title>', '<meta http-equiv="refresh" content="600"><title>'))
    await tab.goto(pathToFileURL(live).href)
    const open =
      "[...document.querySelectorAll('details')].filter((each) => each.open).map((each) => each.querySelector('summary').textContent)"
    expect(await tab.evaluate(open)).toEqual([])
    await tab.getByText('All evaluations').click()
    await tab.evaluate("document.querySelector('details[open] .scroll').scrollLeft = 40")
    await tab.evaluate('scrollTo(0, 2500)')
    await tab.reload()
    expect(await tab.evaluate(open)).toEqual(['All evaluations'])
    expect(await tab.evaluate('scrollY')).toBe(2500)
    expect(await tab.evaluate("document.querySelector('details[open] .scroll').scrollLeft")).toBe(40)
    await context.close()
  },
  120_000,
)

test.skipIf(executablePath === undefined)(
  'figures are saved as CSV and as SVG that stands alone, and it prints',
  async () => {
    const context = await browser!.newContext({ acceptDownloads: true })
    const tab = await context.newPage()
    await tab.goto(pathToFileURL(join(folder, 'run/report.html')).href)
    const saved = async (name: string): Promise<string> => {
      const [download] = await Promise.all([
        tab.waitForEvent('download'),
        tab.getByRole('link', { name }).first().click(),
      ])
      const path = join(folder, download.suggestedFilename())
      await download.saveAs(path)
      return readFile(path, 'utf8')
    }
    expect(await saved('CSV of Loss while training')).toMatch(
      /^"series","training steps","loss","upper"\n"ptq, full precision",0,/,
    )
    const drawing = await saved('SVG of Loss while training')
    expect(drawing).toMatch(/^<svg [^]*--curve-0:[^]*<\/svg>$/)
    await writeFile(join(folder, 'alone.svg'), drawing)
    const alone = await context.newPage()
    await alone.goto(pathToFileURL(join(folder, 'alone.svg')).href)
    expect(await alone.evaluate("getComputedStyle(document.querySelector('.line')).stroke")).toMatch(/^rgb\(/)
    expect((await tab.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000)
    await context.close()
  },
  120_000,
)
