// The runtimes that packages are tried on. Comes in: a name. Goes out: how a program is run there, after its
// npm package was installed beside the caches of other tools; or why it cannot be had.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../spawn.mjs'
import { execute } from './execute.mjs'
import { Unavailable } from './unavailable.mjs'

/**
 * @typedef {object} Runtime
 * @property {string} name
 * @property {string} npmPackage name and version
 * @property {string} program its file in the package
 * @property {readonly string[]} [flags] before the file that is run
 */

const { platform, arch } = process
const system = platform === 'win32' ? 'windows' : platform
const suffix = platform === 'win32' ? '.exe' : ''

/** @param {string} version @returns {Runtime} */
const nodeRuntime = (version) => ({
  name: `node ${version}`,
  npmPackage: `node-${platform === 'win32' ? 'win' : platform}-${arch}@${version}`,
  program: `bin/node${suffix}`,
})

/** @type {readonly Runtime[]} From the oldest that is promised to the newest, then other makers'. */
export const runtimes = [
  ...['20.19', '22', '24', '26'].map(nodeRuntime),
  {
    name: 'bun',
    npmPackage: `@oven/bun-${system}-${arch === 'arm64' ? 'aarch64' : arch}@1`,
    program: `bin/bun${suffix}`,
  },
  {
    name: 'deno',
    npmPackage: `@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}@2`,
    program: `deno${suffix}`,
    flags: ['run', '--allow-all', '--node-modules-dir=manual', '--no-lock'],
  },
]

/**
 * Codes of npm that say that there is no build for this system, or that the registry is not reached from
 * here. Any other is a fault: a name or a version that is not there, a full disk.
 */
const outOfReach = new Set([
  'EBADPLATFORM',
  'ENOTCACHED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ERR_SOCKET_TIMEOUT',
])

/** @param {string} text what npm said */
const cannotBeHad = (text) => outOfReach.has(/^npm (?:error|ERR!) code (\w+)$/m.exec(text)?.[1] ?? '')

/**
 * Install a runtime unless it is there, and describe a program run by it.
 * @param {Runtime} runtime
 * @returns {Promise<(...args: string[]) => import('../spawn.mjs').Command>}
 * @throws Unavailable if it cannot be had on this system or from here
 */
export async function obtained({ name, npmPackage, program, flags = [] }) {
  const folder = join(root, 'node_modules/.cache', name.replace(' ', '-'))
  const file = join(folder, 'node_modules', npmPackage.slice(0, npmPackage.lastIndexOf('@')), program)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts', npmPackage]
    await execute({ file: 'npm', args }, folder).catch((error) => {
      throw cannotBeHad(String(error)) ? new Unavailable(name, `${npmPackage}: ${String(error)}`) : error
    })
  }
  return (...args) => ({ file, args: [...flags, ...args] })
}
