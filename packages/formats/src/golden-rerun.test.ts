// The golden vectors made anew by the packages of PyPI that made them: the script must reproduce its files.
// The packages are installed once into a virtual environment under node_modules/.cache; without Python or PyPI the test is
// skipped with a warning that says why. make_golden_torchao.py is not rerun: torch is too large.
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
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 240_000, env })
  if (status === 0) return undefined
  return `${command} ${args.join(' ')} failed: ${error?.message ?? stderr.trim().slice(-500)}`
}

/** Make the environment; answer why it cannot be made, or nothing. */
function prepare(): string | undefined {
  if (existsSync(installed)) return undefined
  rmSync(cache, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  const problem =
    execute('python3', '-m', 'venv', cache) ??
    execute(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements)
  if (problem === undefined) writeFileSync(installed, '')
  return problem
}

const missing = process.platform === 'win32' ? 'not on Windows' : prepare()
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
