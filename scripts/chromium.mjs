// Chromium. Goes out: where it lies on this machine: what CHROMIUM names, or one of the usual places.
import { existsSync } from 'node:fs'

/** What a command that needs it says where there is none. */
export const noChromium =
  'SKIPPED: no Chromium found; install one (Debian: apt-get install chromium) or name it in CHROMIUM'

/** @returns {string | undefined} */
export function findChromium() {
  const known = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
  return [process.env['CHROMIUM'] ?? '', ...known].find((path) => path !== '' && existsSync(path))
}
