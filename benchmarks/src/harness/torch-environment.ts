// Where PyTorch comes from: an interpreter that has it, or a virtual environment of our own, made on demand
// and kept. Comes in: the machine. Goes out: a Python that imports torch, or why there is none and how to get
// one.
// Source: docs/design/12-speed-tests.md. The environment stands in the user's cache folder; deleting it is
// always safe.

import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { messageOf, type Absent, type BenchContext } from './competitor.js'
import { downloadProgress } from './download-progress.js'

/** Run a program to its end; rejects if it fails. */
export type RunProgram = (
  command: string,
  args: readonly string[],
  options: {
    readonly signal: AbortSignal
    readonly env?: NodeJS.ProcessEnv
    /** Told each line of standard output. */
    readonly onLine?: (line: string) => void
  },
) => Promise<void>

export interface FindTorchOptions extends BenchContext {
  readonly env?: NodeJS.ProcessEnv
  /** Folder of the environment; default: `torchFolder(env)`. */
  readonly folder?: string
  readonly run?: RunProgram
}

// Older ones lack F.rms_norm, which would make them slower than they need be.
const REQUIREMENT = 'torch>=2.4'
const PROBE = 'import torch; torch.nn.functional.rms_norm'

/** What it costs to fetch PyTorch. */
export const TORCH_SIZE = 'up to 3 GB to fetch and 6 GB on disk'

/** Tell users of a command where PyTorch comes from. */
export function torchNotes(env: NodeJS.ProcessEnv = process.env): string {
  return [
    'PyTorch takes part with --with-torch: the Python that the environment variable LOTION_PYTHON names. Without that variable,',
    `and without a python3 that has torch, it is installed once (${TORCH_SIZE}) and kept in`,
    `${torchFolder(env)}; delete that folder to undo it.`,
  ].join('\n')
}

/**
 * Find a Python with torch: `LOTION_PYTHON` if set (and then no other), the environment of an earlier run,
 * the `python3` in the path; else make the environment. Python's usual settings (`PIP_INDEX_URL`, …) hold.
 * @throws only the signal's reason.
 */
export async function findTorch(options: FindTorchOptions): Promise<{ readonly python: string } | Absent> {
  const { log, signal, env = process.env, folder = torchFolder(env), run = runProgram } = options
  const works = async (
    command: string,
    args: readonly string[],
    more: Omit<Parameters<RunProgram>[2], 'signal'> = {},
  ): Promise<string | undefined> => {
    try {
      await run(command, args, { signal, ...more })
      return undefined
    } catch (error) {
      signal.throwIfAborted()
      return lastLines(error)
    }
  }
  const chosen = env['LOTION_PYTHON']
  if (chosen) {
    const problem = await works(chosen, ['-c', PROBE])
    if (problem === undefined) return { python: chosen }
    return {
      absent: `LOTION_PYTHON=${chosen}: expected a Python that imports ${REQUIREMENT}, found: ${problem}`,
    }
  }
  const own =
    process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
  const system = process.platform === 'win32' ? 'python' : 'python3'
  for (const python of [own, system])
    if ((await works(python, ['-c', PROBE])) === undefined) return { python }

  const advice = `install PyTorch yourself (pip install '${REQUIREMENT}') and set LOTION_PYTHON to its python`
  const missing = await works(system, ['-c', 'import venv, ensurepip'])
  if (missing !== undefined) {
    return {
      absent: `expected ${system} with venv and pip, found: ${missing}; install it (Debian: python3-venv), or ${advice}`,
    }
  }
  log(`installing PyTorch into ${folder}; once, ${TORCH_SIZE}; delete the folder to undo it`)
  // In there, so that no other folder fills up, and nothing is left behind if it is stopped.
  const download = join(folder, 'download')
  const following = downloadProgress(download, options)
  const pip = ['-m', 'pip', 'install', '--no-input', '--no-cache-dir', '--retries', '2', REQUIREMENT]
  let complete = false
  try {
    const problem =
      (await works(system, ['-m', 'venv', '--clear', folder])) ??
      (await mkdir(download, { recursive: true }).then(
        () => undefined,
        (error: unknown) => messageOf(error),
      )) ??
      (await works(own, pip, {
        env: { ...env, PYTHONUNBUFFERED: '1', TMPDIR: download, TEMP: download, TMP: download },
        onLine: following.line,
      })) ??
      (await works(own, ['-c', PROBE]))
    complete = problem === undefined
    if (complete) return { python: own }
    return { absent: `PyTorch did not install: ${problem}; check the network and the disk, or ${advice}` }
  } finally {
    following.stop()
    await rm(complete ? download : folder, { recursive: true, force: true })
  }
}

/**
 * OpenMP's own waiting policy: its threads spin for some milliseconds within a step, then sleep. Told to
 * sleep at once they make PyTorch 1.4 × slower; told never to sleep they take the cores from the other
 * engines.
 */
export function torchThreads(threads: number, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return {
    ...env,
    OMP_NUM_THREADS: `${threads}`,
    MKL_NUM_THREADS: `${threads}`,
    OMP_WAIT_POLICY: undefined,
    GOMP_SPINCOUNT: undefined,
  }
}

/** Name the folder in which PyTorch is kept: `lotion/torch` in the user's cache folder. */
function torchFolder(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'lotion', 'torch')
}

/** Find the folder where programs of this user keep what can be made again. */
export function cacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME']
  if (platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local')
  return platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}

const runProgram: RunProgram = async (command, args, { signal, env, onLine }) => {
  const running = promisify(execFile)(command, [...args], {
    signal,
    ...(env ? { env } : {}),
    maxBuffer: 2 ** 26,
  })
  if (onLine && running.child.stdout) createInterface({ input: running.child.stdout }).on('line', onLine)
  await running
}

/** Say in a line why a program failed: the end of its standard error, or that it did not start. */
function lastLines(error: unknown): string {
  const written = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  const text = written || messageOf(error)
  return text.split('\n').slice(-2).join(' ').trim().slice(0, 300)
}
