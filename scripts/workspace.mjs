// State of the checkout. Comes in: nothing. Goes out: installed dependencies and built packages, redone only
// when what they are made from differs from what the last success left in node_modules: a fingerprint for the
// installation, turbo's hash for the build.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { compiledFolders, files, isOrphan, memberFolders } from './members.mjs'
import { environment, node, pinnedPnpm, pnpm, pnpmFolder, root, run } from './spawn.mjs'

const installed = 'node_modules/.lotion-installed'
const built = 'node_modules/.lotion-built'

/** Throw if this Node cannot run the tools of the repository. */
export function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  throw new Error(
    `found Node ${process.versions.node}, expected 20.19 or newer: install it from https://nodejs.org`,
  )
}

/**
 * Install dependencies if node_modules does not answer to the lockfile.
 * @returns {Promise<number>} exit status
 */
export async function ensureInstalled() {
  const wanted = stateOfDependencies()
  removeAbandonedParts()
  if (stamp(installed) === wanted && existsSync(pnpmFolder)) return 0
  rmSync(join(root, installed), { force: true })
  const status = await install()
  // Not what was wanted: a new member's installation writes the lockfile.
  if (status === 0) writeStamp(installed, stateOfDependencies())
  return status
}

/** @returns {string} a fingerprint of all that an installation depends on */
function stateOfDependencies() {
  return fingerprint(
    ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...inEach(memberFolders(), 'package.json')],
    [process.platform, process.arch, process.versions.modules],
  )
}

/**
 * Install, then build if the packages are not built from the sources as they are.
 * @returns {Promise<number>} exit status
 */
export async function ensureBuilt() {
  const status = await ensureInstalled()
  if (status !== 0) return status
  const broken = compiledFolders().filter(isIncomplete)
  // The compiler trusts its record of what it wrote: without a file of it the record has to go too.
  for (const folder of broken) rmSync(join(root, folder, 'dist'), { recursive: true, force: true })
  return broken.length === 0 && stamp(built) === hashOfSources() ? 0 : build()
}

/**
 * Tell whether a source of a package has lost its compiled file, or has none yet.
 * @param {string} folder
 */
function isIncomplete(folder) {
  return files(`${folder}/src`).some((path) => {
    const [, source] = /^(.*)(?<!\.test|\.d)\.ts$/.exec(path.slice(`${folder}/src/`.length)) ?? []
    return source !== undefined && !existsSync(join(root, folder, `dist/${source}.js`))
  })
}

/**
 * Build the packages through turbo: from its cache where it knows these very sources, else by the compiler.
 * @param {readonly string[]} [args] of turbo, such as `--force` @returns {Promise<number>} exit status
 */
export async function build(args = []) {
  const wanted = hashOfSources()
  rmSync(join(root, built), { force: true })
  const done = announce('building packages')
  let log = ''
  const failed = await run(turbo(...args), { onOutput: (text) => void (log += text) })
  done(failed)
  if (failed === 0) {
    removeOrphans()
    // Sources changed meanwhile: what was compiled, and cached under that hash, may be neither of the two.
    if (hashOfSources() !== wanted) return build(['--force'])
    writeStamp(built, wanted)
  } else if (failed < 128) console.error(log.trim())
  return failed
}

/** @param {...string} args */
const turbo = (...args) =>
  node('node_modules/turbo/bin/turbo', 'run', 'compile', '--log-prefix=none', ...args)

/** @returns {string} turbo's own hash of all that the packages are built from; it writes nothing */
function hashOfSources() {
  const { file, args } = turbo('--dry=json')
  const { stdout, stderr, error } = spawnSync(file, args, { cwd: root, env: environment(), encoding: 'utf8' })
  try {
    return JSON.parse(stdout).tasks[0].hash
  } catch {
    throw new Error(`turbo cannot tell what is to be built: ${error?.message ?? `${stdout}${stderr}`.trim()}`)
  }
}

/** @returns {boolean} whether the lockfile knows just the members that are there */
function sameMembers() {
  const [, importers = ''] =
    /^importers:\n([\s\S]*?)^\S/m.exec(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')) ?? []
  const locked = new Set(
    [...importers.matchAll(/^ {2}((?:packages|examples)\/[^:\n]+|benchmarks):/gm)].map(([, name]) => name),
  )
  const members = memberFolders()
  return members.length === locked.size && members.every((folder) => locked.has(folder))
}

/**
 * Remove what the compiler wrote of sources that are no more: neither it nor turbo's cache ever removes
 * anything.
 */
function removeOrphans() {
  for (const folder of compiledFolders().filter((name) => existsSync(join(root, name, 'dist')))) {
    const compiled = files(`${folder}/dist`).map((path) => path.slice(folder.length + 1))
    for (const path of compiled) if (isOrphan(folder, path)) rmSync(join(root, folder, path))
  }
}

/** @param {readonly string[]} folders @param {string} path */
const inEach = (folders, path) => folders.map((folder) => `${folder}/${path}`)

async function install() {
  const done = announce('installing dependencies (once; about a minute on a fresh machine)')
  let log = ''
  // Without a network, three tries within 15 s instead of 70 s. Without NODE_ENV: 'production' leaves out the
  // compiler.
  const patience = { NPM_CONFIG_FETCH_RETRY_MINTIMEOUT: '2000', NPM_CONFIG_FETCH_RETRY_MAXTIMEOUT: '10000' }
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...patience, ...environment() }
  delete env['NODE_ENV']
  const onOutput = (/** @type {string} */ text) => {
    log += text
  }
  // A folder that `lotion new` has just made among the members is not in the lockfile: it is added there. All
  // else is as the lockfile has it, and in CI that is all there may be.
  const frozen = process.env['CI'] || sameMembers() ? '--frozen-lockfile' : '--no-frozen-lockfile'
  const before = readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8')
  const lockfile = pnpm('install', frozen, '--prefer-offline', '--reporter=append-only')
  const steps = async () => (await installPnpm({ env, onOutput })) || run(lockfile, { env, onOutput })
  const status = await steps().catch((/** @type {Error} */ error) => {
    log += error.message
    return 1
  })
  done(status)
  if (readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8') !== before)
    console.error(
      'lotion: pnpm-lock.yaml now lists the members that are there: commit it with a new folder, or remove the folder and `git restore` it',
    )
  if (status > 128) console.error('lotion: interrupted; the next command goes on from here')
  else if (status !== 0)
    console.error(`${log.trimEnd().split('\n').slice(-20).join('\n')}\n\nlotion: ${advice(log)}`)
  return status
}

/**
 * Put the pinned pnpm into its folder, whole or not at all. Not through npx: an npx that was killed while
 * unpacking leaves a lock (a minute's wait) and a broken program that it never repairs. Not with --prefix,
 * which would make npm forget its global settings, such as the certificates of a company's proxy.
 * @param {{ env: NodeJS.ProcessEnv, onOutput: (text: string) => void }} options
 * @returns {Promise<number>} exit status
 */
async function installPnpm(options) {
  if (existsSync(pnpmFolder)) return 0
  // A folder of its own for each process: two first commands may run at once.
  const part = `${pnpmFolder}-part-${hostname()}-${process.pid}`
  rmSync(part, { recursive: true, force: true })
  mkdirSync(part, { recursive: true })
  writeFileSync(join(part, 'package.json'), '{ "private": true }')
  const flags = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts']
  const npm = { file: 'npm', args: ['install', ...flags, pinnedPnpm()] }
  try {
    const status = await run(npm, { ...options, cwd: part })
    if (status === 0) renameSync(part, pnpmFolder)
    return status
  } catch (error) {
    // The other one was faster: its folder is as good.
    if (existsSync(pnpmFolder)) return 0
    throw error
  } finally {
    rmSync(part, { recursive: true, force: true })
  }
}

/** Remove what killed first commands of this machine left; another one's processes cannot be asked after. */
function removeAbandonedParts() {
  const start = `${basename(pnpmFolder)}-part-${hostname()}-`
  for (const name of existsSync(dirname(pnpmFolder)) ? readdirSync(dirname(pnpmFolder)) : []) {
    if (!name.startsWith(start) || lives(Number(name.slice(start.length)))) continue
    rmSync(join(dirname(pnpmFolder), name), { recursive: true, force: true })
  }
}

/** @param {number} pid */
function lives(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** @param {string} log */
function advice(log) {
  /** @type {readonly (readonly [RegExp, string])[]} */
  const known = [
    [
      /ENOSPC|EDQUOT/,
      'the disk is full: free about 2 GB here and in your home folder, then run the command again',
    ],
    [
      /EACCES|EPERM|EROFS/,
      'a folder is not writable: check the owner of this folder and of ~/.npm, then run the command again',
    ],
    [
      /ERR_PNPM_(OUTDATED_LOCKFILE|NO_LOCKFILE|LOCKFILE_CONFIG_MISMATCH)/,
      `pnpm-lock.yaml does not answer to package.json: run \`npx ${pinnedPnpm()} install\` and commit the lockfile`,
    ],
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|META_FETCH_FAIL|network|socket/i,
      'the package registry cannot be reached: connect to the network (or set HTTPS_PROXY), then run the command again',
    ],
    [/spawn npm ENOENT/, 'npm was not found: install npm, which comes with Node, then run the command again'],
  ]
  const hint = known.find(([pattern]) => pattern.test(log))
  return (
    hint?.[1] ?? 'installation failed: run the command again; if it fails again, remove node_modules first'
  )
}

/**
 * Say what begins; the returned function says how long it took.
 * @param {string} what
 */
function announce(what) {
  const start = performance.now()
  process.stderr.write(`lotion: ${what} … `)
  return (/** @type {number} */ status) => {
    process.stderr.write(
      `${status === 0 ? 'done' : 'failed'} in ${((performance.now() - start) / 1000).toFixed(0)} s\n`,
    )
  }
}

/** @param {readonly string[]} paths @param {readonly string[]} [rest] */
function fingerprint(paths, rest = []) {
  const hash = createHash('sha256').update(rest.join('\n'))
  for (const path of paths) hash.update(`\0${path}\0`).update(readFileSync(join(root, path)))
  return hash.digest('hex')
}

/** @param {string} path */
function stamp(path) {
  return existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8').trim() : ''
}

/** @param {string} path @param {string} text */
function writeStamp(path, text) {
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(join(root, path), `${text}\n`)
}
