// Packages of PyPI as references, for tests. Each set is installed once into a virtual environment under
// node_modules/.cache; without Python `missing` says why, loudly, and tests skip. Comes in: names with
// versions, scripts. Goes out: what they print.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An environment with its packages, or why there is none. */
export interface PythonPackages {
  /** Why the packages cannot be had here, if so. */
  readonly missing: string | undefined
  /** Run a script; `input` is what it reads, `args` what it finds in sys.argv[1:]. */
  run(script: string, input?: string, ...args: readonly string[]): string
}

function execute(command: string, args: readonly string[], input?: string): { ok: boolean; text: string } {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 2 ** 28,
    ...(input === undefined ? {} : { input }),
  })
  return { ok: status === 0, text: error ? error.message : status === 0 ? stdout : stderr.trim() }
}

/**
 * Make an environment. Of two test files that begin at once one makes it; the other waits.
 * @param what What is compared, for the line that says that it is skipped.
 * @param folder Under node_modules/.cache; with the versions in its name, so that others make a new one.
 * @param packages For pip, without what they depend on.
 */
export async function pythonPackages(
  what: string,
  folder: string,
  packages: readonly string[],
): Promise<PythonPackages> {
  const cache = fileURLToPath(new URL(`../node_modules/.cache/${folder}`, import.meta.url))
  const python = join(cache, 'bin', 'python')
  const missing = process.platform === 'win32' ? 'not on Windows' : await prepared(cache, python, packages)
  if (missing !== undefined) console.warn(`SKIPPED: ${what}. Reason: ${missing}`)
  return {
    missing,
    run(script, input, ...args) {
      const { ok, text } = execute(python, ['-c', script, ...args], input)
      if (!ok) throw new Error(text)
      return text
    },
  }
}

async function prepared(
  cache: string,
  python: string,
  packages: readonly string[],
): Promise<string | undefined> {
  const [installed, lock] = [join(cache, 'installed'), `${cache}.lock`]
  if (existsSync(installed)) return undefined
  await mkdir(dirname(cache), { recursive: true })
  const mine = await mkdir(lock).then(
    () => true,
    () => false,
  )
  if (!mine) {
    for (let waited = 0; existsSync(lock) && waited < 240; waited++)
      await new Promise((resolve) => setTimeout(resolve, 1000))
    return existsSync(installed) ? undefined : `another test could not make ${cache}, or left ${lock} behind`
  }
  try {
    await rm(cache, { recursive: true, force: true })
    await mkdir(cache, { recursive: true })
    const venv = execute('python3', ['-m', 'venv', cache])
    if (!venv.ok) return `python3 -m venv failed: ${venv.text}`
    const options = ['--quiet', '--disable-pip-version-check', '--no-deps']
    const pip = execute(python, ['-m', 'pip', 'install', ...options, ...packages])
    if (!pip.ok) return `pip install ${packages.join(' ')} failed: ${pip.text.slice(-500)}`
    await writeFile(installed, '')
    return undefined
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}
