// Chromium. Goes out: where it lies on this machine: what CHROMIUM names, or one of the usual places; what a
// command says and returns that cannot run without it.
import { existsSync } from 'node:fs'
import { maySkip } from './skips.mjs'

/** Why something is skipped. */
export const noChromium =
  'no Chromium found; install one (Debian: apt-get install chromium) or name it in CHROMIUM'

/** @returns {string | undefined} */
export function findChromium() {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return [process.env['CHROMIUM'] ?? '', ...known].find((path) => path !== '' && existsSync(path))
}

/** Say that a command runs nothing. @returns {number} its exit status: 1 where CI is set */
export function withoutChromium() {
  const may = maySkip('chromium')
  console.log(`${may ? 'SKIPPED' : 'FAIL, for CI is set and nothing was checked'}: ${noChromium}`)
  return may ? 0 : 1
}
