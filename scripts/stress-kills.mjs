// Kills at random moments. Comes in: built packages, a seed (first argument; default 1), how many kills of
// each kind. Goes out: a line a kill with its moment and what it left; status 1 if a file is half-written, or
// if anything is left after the next run.
import { spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, main, node, root } from './spawn.mjs'

const [seed = 1, casts = 70, quickstarts = 20, setups = 10, hangups = 20] = process.argv.slice(2).map(Number)
const lotion = join(root, 'packages/cli/dist/main.js')

/**
 * @typedef {{ readonly status: number | null, readonly killed: string | null, readonly seconds: number }}
 * Ended
 */

await main(async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'lotion-kills-'))
  const random = uniforms(seed)
  console.log(
    `seed ${seed}: ${casts} SIGKILL of cast, ${quickstarts} of quickstart, ${setups} of setup; ${hangups} SIGHUP`,
  )
  try {
    const half = Math.floor(hangups / 2)
    const faults =
      (await struck('cast', castIn(join(scratch, 'cast')), casts, half, random)) +
      (await struck('quickstart', quickstartIn(join(scratch, 'run')), quickstarts, hangups - half, random)) +
      (setups === 0 ? 0 : await struck('setup', setupIn(join(scratch, 'clone')), setups, 0, random))
    console.log(faults === 0 ? 'nothing half-written, nothing left behind' : `${faults} faults`)
    return faults === 0 ? 0 : 1
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

/**
 * @typedef {object} Victim what is killed
 * @property {() => import('./spawn.mjs').Command} command
 * @property {string} cwd
 * @property {boolean} [group] whether its children get the signal too, as from a terminal
 * @property {number} [every] after so many blows it may end; default 5
 * @property {number} [longest] seconds within which the blows fall; default: the whole run
 * @property {() => void} [before] what makes the next run do its work again
 * @property {() => string[]} broken files that are half-written, at any moment
 * @property {() => string[]} left what does not belong there when nothing runs
 */

/**
 * Strike a command at random moments of its run; let it end now and then, and look for what is left. A blow
 * that comes after the end is none: another moment is drawn.
 * @param {string} name @param {Victim} victim @param {number} kills @param {number} hangups @param {() =>
 * number} random
 * @returns {Promise<number>} faults
 */
async function struck(name, victim, kills, hangups, random) {
  if (kills + hangups === 0) return 0
  const { every = 5, longest = Infinity } = victim
  const first = await runOnce(victim)
  let whole = first.seconds
  let faults = judged(
    `${name}: whole run of ${whole.toFixed(2)} s`,
    first.status === 0 ? [] : ['failed'],
    victim,
  )
  let late = 0
  for (let i = 0; i < kills + hangups;) {
    victim.before?.()
    const signal = i < kills ? 'SIGKILL' : 'SIGHUP'
    // The first quarter of a run is Node reading programs.
    const seconds = Math.min(whole, longest) * (0.25 + 0.75 * random())
    const ended = await runOnce(victim, { signal, seconds })
    if (ended.status === 0) {
      late++
      whole = ended.seconds
      continue
    }
    i++
    const found = victim.left()
    const broken = victim.broken()
    if (signal === 'SIGHUP' && ended.status === 129 && found.length > 0)
      broken.push(`left behind: ${found.join(', ')}`)
    console.log(
      `${name} ${i}: ${signal} at ${seconds.toFixed(3)} s: ${ended.killed ?? `status ${ended.status}`}, ${found.length} left${broken.map((text) => `; FAULT ${text}`).join('')}`,
    )
    faults += broken.length
    if (i % every !== 0 && i !== kills + hangups) continue
    const next = await runOnce(victim)
    whole = next.seconds
    faults += judged(`${name}: next run`, next.status === 0 ? [] : [`status ${next.status}`], victim)
  }
  console.log(`${name}: ${kills} SIGKILL, ${hangups} SIGHUP hit a living process; ${late} came after its end`)
  return faults
}

/** @param {string} what @param {readonly string[]} faults @param {Victim} victim */
function judged(what, faults, victim) {
  const all = [...faults, ...victim.broken(), ...victim.left().map((name) => `left behind: ${name}`)]
  console.log(`${what}: ${all.length === 0 ? 'clean' : `FAULT ${all.join('; ')}`}`)
  return all.length
}

/**
 * @param {Victim} victim @param {{ signal: NodeJS.Signals, seconds: number }} [blow] @returns
 * {Promise<Ended>}
 */
function runOnce({ command, cwd, group = false }, blow) {
  const { file, args } = command()
  const start = performance.now()
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: environment(), stdio: 'ignore', detached: group })
    const strike = () => {
      if (blow === undefined || child.pid === undefined) return
      if (group) process.kill(-child.pid, blow.signal)
      else child.kill(blow.signal)
    }
    const timer = blow && setTimeout(strike, 1000 * blow.seconds)
    child.on('error', reject)
    child.on('exit', (status, killed) => {
      clearTimeout(timer)
      resolve({ status, killed, seconds: (performance.now() - start) / 1000 })
    })
  })
}

/** A cast of 24 MB over its own last result. @param {string} folder @returns {Victim} */
function castIn(folder) {
  mkdirSync(folder)
  const [from, to] = [join(folder, 'in.safetensors'), join(folder, 'out.safetensors')]
  writeFileSync(from, safetensors(24, 2 ** 18))
  let expected = ''
  const digest = () => createHash('sha256').update(readFileSync(to)).digest('hex')
  return {
    cwd: folder,
    command: () => node(lotion, 'cast', from, to, '--format', 'int4'),
    // The cast of one file is always the same bytes.
    broken: () => {
      if (!existsSync(to)) return []
      const found = digest()
      expected ||= found
      return found === expected ? [] : ['out.safetensors is not the whole cast']
    },
    left: () => readdirSync(folder).filter((name) => name !== 'in.safetensors' && name !== 'out.safetensors'),
  }
}

/**
 * A short run, gone on with after each blow; a new one when it is done. @param {string} folder @returns
 * {Victim}
 */
function quickstartIn(folder) {
  mkdirSync(folder)
  const out = join(folder, 'out')
  const small = '--steps 20 --dimension 32 --layers 1 --heads 2 --batch 4 --context 32 --methods ptq,lotion'
  const own = ['metrics.jsonl', 'model.safetensors', 'report.html', 'run.json']
  const folders = ['finished', 'weights']
  const begun = () => existsSync(join(out, 'run.json'))
  const done = () => begun() && 'finishedAt' in JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))
  return {
    cwd: folder,
    before: () => {
      if (done()) rmSync(out, { recursive: true })
    },
    command: () =>
      begun() && !done()
        ? node(lotion, 'resume', out)
        : node(lotion, 'quickstart', ...small.split(' '), '--out', out),
    broken: () =>
      (existsSync(out) ? own : [])
        .filter((name) => existsSync(join(out, name)) && !isWhole(join(out, name)))
        .map((name) => `${name} is half-written`),
    left: () => [
      ...readdirSync(folder).filter((name) => name !== 'out'),
      ...(existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : []).filter(
        (name) =>
          name.endsWith('.tmp') ||
          (!name.includes('/') && ![...own, ...folders, ...(done() ? [] : ['checkpoints'])].includes(name)),
      ),
    ],
  }
}

/** Installing and building in a clone of its own. @param {string} folder @returns {Victim} */
function setupIn(folder) {
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', root, folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`git clone: ${stderr}`)
  const modules = join(folder, 'node_modules')
  let compiles = 0
  return {
    cwd: folder,
    group: true,
    every: 10,
    longest: 45,
    command: () => node('scripts/run.mjs', 'setup'),
    before: () => {
      for (const name of existsSync(modules) ? readdirSync(modules) : [])
        if (name.startsWith('.lotion-')) rmSync(join(modules, name), { recursive: true })
      const members = readdirSync(join(folder, 'packages')).map((name) => join('packages', name))
      for (const member of [...members, 'benchmarks'])
        for (const built of ['dist', 'node_modules'])
          rmSync(join(folder, member, built), { recursive: true, force: true })
      // Every other time turbo unpacks what it built before.
      if (compiles++ % 2 === 0) rmSync(join(folder, '.turbo'), { recursive: true, force: true })
    },
    // A half-installed package or a half-compiled file would make this fail.
    broken: () => {
      if (!existsSync(join(modules, '.lotion-built'))) return []
      const { status: works } = spawnSync(process.execPath, ['packages/cli/dist/main.js', '--version'], {
        cwd: folder,
      })
      return works === 0 ? [] : ['marked as built, and does not run']
    },
    left: () => {
      const untracked = spawnSync('git', ['status', '--porcelain'], { cwd: folder, encoding: 'utf8' }).stdout
      const parts = (existsSync(modules) ? readdirSync(modules) : []).filter((name) =>
        name.includes('-part-'),
      )
      return [...untracked.split('\n').filter(Boolean), ...parts]
    },
  }
}

/** @param {string} path */
function isWhole(path) {
  const bytes = readFileSync(path)
  if (path.endsWith('.jsonl')) {
    const lines = bytes.toString('utf8').split('\n')
    return lines.pop() === '' && lines.every((line) => typeof JSON.parse(line) === 'object')
  }
  if (path.endsWith('.json')) return typeof JSON.parse(bytes.toString('utf8')) === 'object'
  if (path.endsWith('.html')) return bytes.toString('utf8').trimEnd().endsWith('</html>')
  const length = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'))
  const ends = Object.entries(header).flatMap(([name, { data_offsets: at }]) =>
    name === '__metadata__' ? [] : [at[1]],
  )
  return bytes.length === 8 + length + Math.max(...ends)
}

/** @param {number} tensors @param {number} weights in each */
function safetensors(tensors, weights) {
  const entries = Array.from({ length: tensors }, (_, i) => [
    `layers.${i}.weight`,
    { dtype: 'F32', shape: [weights / 512, 512], data_offsets: [4 * weights * i, 4 * weights * (i + 1)] },
  ])
  const text = JSON.stringify(Object.fromEntries(entries))
  const header = text + ' '.repeat(-text.length & 7)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  // Finite whatever the bytes: the sign and the low bits of 1 ≤ |w| < 2.
  const data = new Uint32Array(randomBytes(4 * weights * tensors).buffer, 0).map(
    (bits) => (bits & 0x807fffff) | 0x3f800000,
  )
  return Buffer.concat([length, Buffer.from(header), Buffer.from(data.buffer)])
}

/**
 * Numbers in [0, 1) that a seed determines (Park and Miller's generator).
 * @param {number} from
 * @returns {() => number}
 */
function uniforms(from) {
  let state = (from % 2147483646) + 1
  // The first numbers of small seeds are small.
  for (let i = 0; i < 16; i++) state = (state * 48271) % 2147483647
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}
