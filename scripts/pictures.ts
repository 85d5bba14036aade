// The pictures of the README and of the guide's figures. Comes in: built packages; `--check`. Goes out:
// docs/pictures/*.svg; with `--check` nothing, and status 1 if they differ from those that lie there.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { liveFigures } from '../docs/.vitepress/pictures/live-figures.js'
import { terminal } from '../docs/.vitepress/pictures/terminal.js'
import { whatLotionDoes } from '../docs/.vitepress/pictures/what-lotion-does.js'

/** What is recorded: no clock takes part in what it prints, so that it is the same each time. */
const recorded =
  'npm run -s lotion -- run linear-regression --block tensor --methods ptq,qat,lotion --seeds 3'

const top = new URL('..', import.meta.url)
const { status, stdout, stderr } = spawnSync('sh', ['-c', recorded], { cwd: top, encoding: 'utf8' })
if (status !== 0) throw new Error(`${recorded}: failed with status ${status}\n${stderr}`)
const pictures = {
  'lotion.svg': whatLotionDoes(),
  'terminal.svg': terminal(recorded, stdout),
  ...(await liveFigures()),
}
for (const [name, drawn] of Object.entries(pictures)) {
  const file = new URL(`docs/pictures/${name}`, top)
  if (!process.argv.includes('--check')) writeFileSync(file, drawn)
  else if (readFileSync(file, 'utf8') !== drawn) {
    console.error(`docs/pictures/${name} is not what is drawn now: npm run pictures`)
    process.exitCode = 1
  }
}
