// The golden vectors made anew by the packages of PyPI that made them: the script must reproduce its files.
// The packages are installed once into a virtual environment under node_modules/.cache. Without Python or
// PyPI the test is skipped with a warning; any other failure (a pin that is not found, a script that stops)
// fails. make_golden_torchao.py: torch is too large.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const golden = fileURLToPath(new URL('../golden', import.meta.url))
const requirements = join(golden, 'requirements.txt')
const version = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 8)
const cache = fileURLToPath(new URL(`../node_modules/.cache/python-golden-${version}`, import.meta.url))
const python = join(cache, 'bin', 'python')
const installed = join(cache, 'installed')

function execute(command: string, ...args: readonly string[]): string | undefined {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1' }
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 1e8,
    env,
  })
  if (status === 0) return undefined
  return `${command} ${args.join(' ')} failed: ${error?.message ?? ''} ${stdout}${stderr}`.trim()
}

/**
 * Tell a failure of pip that is the network's from one that is the requirements': it found versions, or an
 * answer.
 */
function unreachable(problem: string): boolean {
  const network =
    /ETIMEDOUT|connection broken by|Max retries exceeded|Could not fetch URL|(Connection|Timeout|Resolution|Proxy|SSL)Error/
  return network.test(problem) && !/from versions: \d/.test(problem)
}

/** Make the environment; answer why there can be none here. @throws if the requirements are to blame. */
function prepare(): string | undefined {
  if (process.platform === 'win32') return 'not on Windows'
  if (existsSync(installed)) return undefined
  const absent = execute('python3', '-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)')
  if (absent !== undefined) return `python3 of 3.11 or later, with venv, is missing: ${absent}`
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  // Not --quiet: pip reports a connection that failed as a warning, and then as a version that it did not
  // find.
  const problem =
    execute('python3', '-m', 'venv', cache) ??
    execute(
      python,
      '-m',
      'pip',
      'install',
      '--disable-pip-version-check',
      '--retries',
      '2',
      '-r',
      requirements,
    )
  if (problem === undefined) {
    writeFileSync(installed, '')
    return undefined
  }
  if (unreachable(problem)) return `PyPI cannot be reached: ${problem.slice(-1000)}`
  throw new Error(problem.slice(-5000))
}

const missing = prepare()
if (missing !== undefined)
  console.warn(`SKIPPED: golden vectors against gfloat, ml_dtypes, onnx, gguf. Reason: ${missing}`)

const out = mkdtempSync(join(tmpdir(), 'lotion-golden-'))
afterAll(() => rmSync(out, { recursive: true, force: true }))

describe.skipIf(missing !== undefined)('make_golden.py', () => {
  it('reproduces every file', () => {
    expect(execute(python, join(golden, 'make_golden.py'), out)).toBeUndefined()
    const names = readdirSync(golden).filter((name) => name.endsWith('.json') && name !== 'torchao.json')
    expect(readdirSync(out).sort((a, b) => a.localeCompare(b))).toEqual(
      names.sort((a, b) => a.localeCompare(b)),
    )
    const read = (folder: string, name: string): unknown =>
      JSON.parse(readFileSync(join(folder, name), 'utf8'))
    for (const name of names) expect(read(out, name)).toEqual(read(golden, name))
  })
})
