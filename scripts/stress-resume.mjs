// Kills a training run again and again and goes on with it, then compares what it left with an undisturbed
// run. Comes in: words `seed kills steps`. Goes out: a count of what was struck; status 1 if a byte
// differs, but for times.
// Source: docs/design/04-bench.md, "A run is a folder"; figures in docs/results/kills.md.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [seed = 1, kills = 50, steps = 300] = process.argv.slice(2).map(Number)
const lotion = fileURLToPath(new URL('../packages/cli/dist/main.js', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'lotion-resume-'))
const small = `quickstart --methods lotion --dimension 64 --layers 2 --context 32 --steps ${steps} --checkpoint-every 3steps`
const start = (/** @type {string} */ out) => [...small.split(' '), '--out', join(scratch, out)]

/**
 * Uniform numbers of a seed (a multiplicative congruential generator): the moments repeat, the machine does
 * not.
 */
let state = seed
const random = () => (state = (state * 48271) % 2147483647) / 2147483647

/**
 * @param {readonly string[]} args
 * @param {(child: import('node:child_process').ChildProcess) => Promise<void>} [watch]
 */
const run = (args, watch) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [lotion, ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
    let text = ''
    child.stderr.on('data', (piece) => (text += piece))
    child.on('error', reject)
    child.on('close', (status, signal) => resolve({ status, signal, text }))
    watch?.(child).catch(reject)
  })

const until = async (/** @type {() => boolean} */ reached, /** @type {() => boolean} */ over) => {
  while (!reached() && !over()) await new Promise((resolve) => setTimeout(resolve, 2))
}
const places = () => {
  try {
    const folder = join(scratch, 'struck', 'checkpoints')
    return readdirSync(folder).flatMap((job) =>
      readdirSync(join(folder, job)).map((name) => join(folder, job, name)),
    )
  } catch {
    return []
  }
}
const isWriting = () => places().some((path) => path.endsWith('.tmp'))
const stepsKept = () =>
  places()
    .filter((path) => path.endsWith('.safetensors'))
    .sort()
    .at(-1)

let [within, writing, done] = [0, 0, false]
try {
  const whole = await run(start('whole'))
  if (whole.status !== 0) throw new Error(`the undisturbed run failed: ${whole.text}`)
  for (let strike = 0; strike < kills && !done; strike++) {
    const args = strike === 0 ? start('struck') : ['resume', join(scratch, 'struck')]
    const before = stepsKept()
    const outcome = await run(args, async (child) => {
      const over = () => child.exitCode !== null || child.signalCode !== null
      // A quarter of the strikes wait for a place that is being written, the others for a step after the last
      // one.
      await until(() => stepsKept() !== before, over)
      if (strike % 4 === 0) await until(isWriting, over)
      else await new Promise((resolve) => setTimeout(resolve, 40 * random()))
      const struck = isWriting()
      if (!over() && child.kill('SIGKILL'))
        [writing, within] = struck ? [writing + 1, within] : [writing, within + 1]
    })
    if (outcome.signal !== 'SIGKILL') {
      if (outcome.status !== 0) throw new Error(`strike ${strike}: status ${outcome.status}: ${outcome.text}`)
      done = true
    }
  }
  const last = done ? { status: 0, text: '' } : await run(['resume', join(scratch, 'struck')])
  if (last.status !== 0) throw new Error(`the last run failed: ${last.text}`)
  const [one, two] = [contents(join(scratch, 'whole')), contents(join(scratch, 'struck'))]
  const differing = [...new Set([...one.keys(), ...two.keys()])].filter(
    (name) => one.get(name) !== two.get(name),
  )
  console.log(
    `seed ${seed}: ${within + writing} SIGKILL of a run of ${steps} steps, ${within} within steps, ${writing} while a place was written: ` +
      `${one.size} files, ${differing.length === 0 ? 'all the same but for times' : `differing: ${differing.join(', ')}`}`,
  )
  process.exitCode = differing.length > 0 || within + writing < kills ? 1 : 0
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/**
 * Every file of a run by its name: without times, and without the report, which shows them.
 * @param {string} folder
 * @returns {Map<string, string>}
 */
function contents(folder) {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return new Map(
    names
      .filter((name) => statSync(join(folder, name)).isFile() && name !== 'report.html')
      .map((name) => [name, timeless(readFileSync(join(folder, name), 'latin1'), name, folder)]),
  )
}

/** @param {string} text @param {string} name @param {string} folder */
function timeless(text, name, folder) {
  if (!/\.jsonl?$/.test(name)) return text
  return text
    .replaceAll(folder, 'RUN')
    .replaceAll(/"(timing)":\s*\{[^{}]*\}/g, '"timing":0')
    .replaceAll(/"finishedAt": "[^"]*"/g, '')
}
