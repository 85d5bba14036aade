// Check of what strangers get, where they use it. Comes in: built packages; words, each a part of what a
// row of the table says (`bun`, `vite`, `alone`), rows have to have one of them. Goes out: a table; status
// 1 if a row fails or none ran. What cannot be had here (a runtime, a browser) is SKIPPED in capitals, and
// fails where CI is set.
import { maySkip } from '../skips.mjs'
import { main } from '../spawn.mjs'
import { bundles } from './bundles.mjs'
import { consumers } from './consumers.mjs'
import { onDisk } from './disk.mjs'
import { elsewhere } from './elsewhere.mjs'
import { folders } from './folders.mjs'
import { onRuntimes } from './on-runtimes.mjs'
import { withPackages } from './projects.mjs'
import { Unavailable } from './unavailable.mjs'

/**
 * @typedef {object} Check
 * @property {string} what
 * @property {string} where
 * @property {() => Promise<string>} run resolves to a line about what was seen
 */

/**
 * Rows that go one after the other, at the same time as those of the other lanes: each takes a processor, or
 * waits for npm or a browser. Those of one lane alone install anything into the projects of single packages.
 * @type {readonly (readonly Check[])[]}
 */
const lanes = [
  [...folders, ...onRuntimes],
  [...bundles, ...consumers, ...elsewhere],
]

/** Every row; the first measures what was installed before others add to it. @type {readonly Check[]} */
const checks = [onDisk, ...lanes.flat()]

/** @typedef {{ what: string, where: string, seconds: number, state: 'ok' | 'FAIL' | 'SKIPPED' }} Row */

await main(async () => {
  const words = process.argv.slice(2).filter((word) => word !== '--write')
  const chosen = checks.filter(
    ({ what, where }) => words.length === 0 || words.some((word) => `${what}, ${where}`.includes(word)),
  )
  if (chosen.length === 0) {
    const known = [...new Set(checks.flatMap(({ what, where }) => [what, where]))]
    throw new Error(`no row has ${words.join(' or ')}: expected a part of one of ${known.join(', ')}`)
  }
  const rows = await withPackages(async () => {
    const first = chosen.includes(onDisk) ? [await tried(onDisk)] : []
    const others = lanes.map((lane) => inTurn(lane.filter((one) => chosen.includes(one))))
    return [...first, ...(await Promise.all(others)).flat()]
  })
  console.log(`\n${tableOf(rows)}`)
  const failed = rows.filter(({ state }) => state === 'FAIL').length
  const skipped = rows.filter(({ state }) => state === 'SKIPPED').length
  console.log(`${rows.length - failed - skipped} ok, ${failed} failed, ${skipped} SKIPPED`)
  return failed === 0 && skipped < rows.length ? 0 : 1
})

/** @param {readonly Check[]} lane @returns {Promise<Row[]>} */
async function inTurn(lane) {
  /** @type {Row[]} */ const rows = []
  for (const one of lane) rows.push(await tried(one))
  return rows
}

/** @param {Check} check @returns {Promise<Row>} */
async function tried({ what, where, run }) {
  const start = performance.now()
  /** @param {Row['state']} state @param {string} text @returns {Row} */
  const row = (state, text) => {
    console.log(`${state.padEnd(4)} ${what}, ${where}: ${text}`)
    return { what, where, seconds: (performance.now() - start) / 1000, state }
  }
  try {
    return row('ok', await run())
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    if (!(error instanceof Unavailable)) return row('FAIL', text)
    return maySkip(error.what) ? row('SKIPPED', text) : row('FAIL', `CI is set and nothing ran: ${text}`)
  }
}

/** @param {readonly Row[]} rows */
function tableOf(rows) {
  const width = Math.max(...rows.map(({ what }) => what.length))
  const place = Math.max(...rows.map(({ where }) => where.length))
  return rows
    .map(
      ({ what, where, seconds, state }) =>
        `${what.padEnd(width)}  ${where.padEnd(place)}  ${seconds.toFixed(1).padStart(6)} s  ${state}`,
    )
    .join('\n')
}
