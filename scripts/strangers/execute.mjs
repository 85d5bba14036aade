// Child processes of strangers. Comes in: a command and a folder. Goes out: what it wrote; an error with its
// last lines if it failed or wrote what it must not.
import { spawn } from 'node:child_process'
import { environment } from '../spawn.mjs'

/** Lines of a failed command that are told. */
const TOLD = 40

/**
 * @param {import('../spawn.mjs').Command} command
 * @param {string} cwd
 * @param {{ env?: NodeJS.ProcessEnv, status?: number }} [options] status: the one that is expected
 * @returns {Promise<{ text: string, output: string }>} text: with standard error; output: without
 */
export function execute({ file, args }, cwd, { env = {}, status = 0 } = {}) {
  // Not a script of the repository, whose users type other lines.
  const stranger = { ...environment(), NO_COLOR: '1', ...env, LOTION_PARENT: undefined }
  return new Promise((resolve, reject) => {
    const windowsShim = process.platform === 'win32' && file === 'npm'
    const child = spawn(file, args, {
      cwd,
      env: stranger,
      shell: windowsShim,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [text, output] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part
      output += part
    })
    child.stderr.setEncoding('utf8').on('data', (part) => (text += part))
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === status) return resolve({ text, output })
      const end = text.trim().split('\n').slice(-TOLD).join('\n')
      reject(
        new Error(`${file} ${args.join(' ')}: expected status ${status}, found ${signal ?? code}\n${end}`),
      )
    })
  })
}
