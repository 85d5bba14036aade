// The packages `safetensors` and `gguf` of PyPI, for tests. They are installed once into a virtual
// environment under node_modules/.cache; without Python `missing` says why, loudly, and tests skip.
// Comes in: scripts, files. Goes out: what they print, what the packages say.

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGES = ['safetensors==0.8.0', 'gguf==0.19.0', 'numpy>=1.26', 'ml_dtypes>=0.5']
const cache = fileURLToPath(
  new URL('../node_modules/.cache/python-safetensors-0.8.0-gguf-0.19.0', import.meta.url),
)
const python = join(cache, 'bin', 'python')
const installed = join(cache, 'installed')
const lock = `${cache}.lock`

interface Outcome {
  readonly ok: boolean
  readonly text: string
}

function execute(command: string, args: readonly string[]): Outcome {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: 240_000,
    maxBuffer: 2 ** 26,
  })
  return { ok: status === 0, text: error ? error.message : status === 0 ? stdout : stderr.trim() }
}

/**
 * Make the environment; answer why it cannot be made, or nothing. Of two test files that begin at once one
 * makes it, in the folder that it could make; the other waits.
 */
async function prepare(): Promise<string | undefined> {
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
    return await make()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

async function make(): Promise<string | undefined> {
  await rm(cache, { recursive: true, force: true })
  await mkdir(cache, { recursive: true })
  const venv = execute('python3', ['-m', 'venv', cache])
  if (!venv.ok) return `python3 -m venv failed: ${venv.text}`
  const pip = execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES])
  if (!pip.ok) return `pip install ${PACKAGES.join(' ')} failed: ${pip.text.slice(-500)}`
  await writeFile(installed, '')
  return undefined
}

/** Why the packages cannot be had here, if so. */
export const missing = process.platform === 'win32' ? 'not on Windows' : await prepare()
if (missing !== undefined) console.warn(`SKIPPED: parity with packages of PyPI. Reason: ${missing}`)

/** Install one more package, without what it depends on; answer why it cannot be had, or nothing. */
export function installMore(requirement: string): string | undefined {
  const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', requirement]
  const pip = missing === undefined ? execute(python, args) : { ok: false, text: missing }
  if (pip.ok) return undefined
  console.warn(`SKIPPED: what needs ${requirement} of PyPI. Reason: ${pip.text.slice(-500)}`)
  return pip.text
}

/**
 * Run Python with the arguments in sys.argv[1:]; its last expression is printed as JSON by the script itself.
 */
export function run(script: string, ...args: string[]): string {
  const { ok, text } = execute(python, ['-c', script, ...args])
  if (!ok) throw new Error(text)
  return text
}

/**
 * Let the reference read files, given one after the other with their lengths; null where it reads one, else
 * its complaint.
 */
export async function judgedByReference(
  folder: string,
  files: readonly Uint8Array[],
): Promise<readonly (string | null)[]> {
  const path = join(folder, 'many')
  await writeFile(
    path,
    Buffer.concat(
      files.flatMap((file) => {
        const length = Buffer.alloc(4)
        length.writeUInt32LE(file.length)
        return [length, file]
      }),
    ),
  )
  const text = run(
    `
import json, struct, sys
from safetensors import deserialize
data, at, found = open(sys.argv[1], 'rb').read(), 0, []
while at < len(data):
  (n,) = struct.unpack_from('<I', data, at)
  at += 4 + n
  try:
      deserialize(data[at - n:at])
      found.append(None)
  except BaseException as error:
      found.append(str(error))
print(json.dumps(found))`,
    path,
  )
  return JSON.parse(text) as (string | null)[]
}
