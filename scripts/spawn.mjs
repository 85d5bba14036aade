// Child processes of the root scripts. Comes in: a command line. Goes out: its exit status, with signals
// passed on.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Name the root folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** @returns {string} Where the user stands: npm runs scripts at the top, wherever it was called. */
export const callersFolder = () => process.env['INIT_CWD'] ?? process.cwd()

/** @typedef {{ readonly file: string, readonly args: readonly string[] }} Command */

/**
 * Describe a JavaScript program run by this very Node: found without a shell, on every platform.
 * @param {...string} args @returns {Command}
 */
export const node = (...args) => ({ file: process.execPath, args })

/** Name the folder of the pnpm that package.json pins: `pnpm@10.0.0` → `node_modules/.lotion-pnpm@10.0.0`. */
export const pnpmFolder = `${root}/node_modules/.lotion-${pinnedPnpm()}`

/** Read which pnpm package.json pins: `pnpm@10.0.0`. @returns {string} */
export function pinnedPnpm() {
  return JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).packageManager
}

/**
 * Describe a pnpm command.
 * @param {...string} args @returns {Command}
 */
export const pnpm = (...args) => node(`${pnpmFolder}/node_modules/pnpm/bin/pnpm.cjs`, ...args)

/**
 * @returns {NodeJS.ProcessEnv} The environment, without what makes children send telemetry, print nothing or
 * leave steps out.
 */
export function environment() {
  const quiet = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NPM_CONFIG_UPDATE_NOTIFIER: 'false' }
  // turbo looks for pnpm in PATH.
  const path = `${pnpmFolder}/node_modules/.bin${delimiter}${process.env['PATH'] ?? ''}`
  // `npm run -s` silences every npm below it, and with it the reason why an installation failed. A team's
  // token for turbo, set for other repositories, would make it ask for a remote cache, switched off or not.
  const unwanted = /^(npm_config_(loglevel|omit|production)|(TURBO|VERCEL)_.*)$/i
  const own = Object.entries(process.env).filter(([name]) => !unwanted.test(name))
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...Object.fromEntries(own), ...quiet, PATH: path }
  return env
}

/**
 * @typedef {object} RunOptions
 * @property {(text: string) => void} [onOutput] takes standard output and error, which are otherwise
 * inherited
 * @property {'stdout' | 'stderr'} [output] where inherited standard output goes
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [cwd]
 * @property {AbortSignal} [signal] ends the child
 */

/**
 * Run a command in the repository root and resolve to its exit status (128 + n if signal n ended it).
 * @param {Command} command
 * @param {RunOptions} [options]
 * @returns {Promise<number>}
 */
export function run(
  { file, args },
  { onOutput, output = 'stdout', env = environment(), cwd = root, signal } = {},
) {
  return new Promise((resolve, reject) => {
    const windowsShim = process.platform === 'win32' && file === 'npm'
    const child = spawn(file, args, {
      cwd,
      env: { ...env, LOTION_PARENT: String(process.pid) },
      shell: windowsShim,
      stdio: onOutput
        ? ['ignore', 'pipe', 'pipe']
        : ['inherit', output === 'stderr' ? 2 : 'inherit', 'inherit'],
    })
    if (onOutput)
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput)
    const forget = passSignals((name) => child.kill(name))
    const abort = () => child.kill('SIGTERM')
    signal?.addEventListener('abort', abort, { once: true })
    const settle = () => {
      forget()
      signal?.removeEventListener('abort', abort)
    }
    child.on('error', (error) => {
      settle()
      reject(error)
    })
    child.on('close', (code, ending) => {
      settle()
      resolve(code ?? 128 + (ending ? constants.signals[ending] : 0))
    })
  })
}

/**
 * Outlive signals until the child has ended, and pass them on. A terminal sends Ctrl-C to the child itself; a
 * second copy would read as "stop at once" to a program that is busy finishing cleanly.
 * @param {(signal: NodeJS.Signals) => void} send
 */
function passSignals(send) {
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  const handlers = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']).map((signal) => {
    const handler = () => {
      if (signal !== 'SIGINT' || !terminal) send(signal)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })
  // npm's shell does not pass SIGTERM on: it ends, and this process gets another parent. A killed npm
  // leaves its shell.
  const parent = process.ppid
  const npm = npmBehind(parent)
  const orphaned = setInterval(() => {
    if (process.ppid === parent && (npm === undefined || parentOf(parent) === npm)) return
    clearInterval(orphaned)
    send('SIGTERM')
  }, 500)
  return () => {
    clearInterval(orphaned)
    for (const off of handlers) off()
  }
}

/**
 * Find the npm that runs this process through a shell, where the system tells (Linux).
 * @param {number} parent @returns {number | undefined} its process number
 */
function npmBehind(parent) {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined
  const [shell = '', flag] = procFile(parent, 'cmdline').split('\0')
  return flag === '-c' && /(^|\/)(ba|da|a|z|k)?sh$/.test(shell) ? parentOf(parent) : undefined
}

/**
 * @param {number} pid
 * @returns {number | undefined} field 4 of proc(5) `stat`; a name that may hold blanks ends before it
 */
function parentOf(pid) {
  const text = procFile(pid, 'stat')
  return text === '' ? undefined : Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
}

/** @param {number} pid @param {string} name */
function procFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

/**
 * Run a script's body: its number is the exit status; an error is one line on standard error and status 1.
 * @param {() => Promise<number>} body
 */
export async function main(body) {
  try {
    process.exitCode = await body()
  } catch (error) {
    console.error(`lotion: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}
