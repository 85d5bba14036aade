// A local npm registry with our packages in it, at the versions that the next release gives them. Comes in: a
// task, and the built working tree or a clone. Goes out: the task's result; the registry and its folder end
// with the task. Packages of others come from where the user's npm takes them: only our scope is redirected.
import { fork } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { publish as npmPublish } from 'libnpmpublish'
import { publishedMembers } from './manifests.mjs'
import { environment, pnpm, root } from './spawn.mjs'
import { cloneOfTree, execute, raiseVersions, scope, withFolder } from './scratch-clone.mjs'

/**
 * @typedef {object} Registry
 * @property {string} url of the registry, on 127.0.0.1
 * @property {NodeJS.ProcessEnv} env what npm, pnpm and their children need to install our packages from it
 * @property {string} npmrc the same as the text of a file `.npmrc`, for Bun, Deno and Yarn
 * @property {Readonly<Record<string, string>>} versions names of our packages → what is published
 */

/**
 * Publish the working tree, built, at the versions of the next release, and do a task with it.
 * @template T
 * @param {(registry: Registry) => Promise<T>} body @returns {Promise<T>}
 */
export function withRegistry(body) {
  return withFolder(async (folder) => {
    const clone = join(folder, 'clone')
    cloneOfTree(clone)
    raiseVersions(clone)
    return withEmptyRegistry(async (registry) => body(await publish(clone, registry)))
  })
}

/**
 * Start a registry without packages and do a task with it.
 * @template T
 * @param {(registry: Registry) => Promise<T>} body @returns {Promise<T>}
 */
export function withEmptyRegistry(body) {
  return withFolder(async (folder) => {
    const storage = join(folder, 'storage')
    mkdirSync(storage)
    const server = fork(join(root, 'scripts/registry-server.mjs'), [storage], { env: environment() })
    try {
      const url = `http://127.0.0.1:${await portOf(server)}/`
      return await body(reached(url))
    } finally {
      server.disconnect()
    }
  })
}

/** @param {import('node:child_process').ChildProcess} server @returns {Promise<number>} */
function portOf(server) {
  return new Promise((resolve, reject) => {
    server.once('message', (/** @type {{ port: number }} */ { port }) => resolve(port))
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`the local registry ended with status ${code}`)))
  })
}

/** @param {string} url @returns {Registry} */
function reached(url) {
  // The word of an unknown user: everybody may publish, but npm sends nothing without one.
  const token = `${url.replace('http:', '')}:_authToken=nobody`
  const npmrc = `${scope}:registry=${url}\n${token}\n`
  const [key = '', value = ''] = token.split('=')
  const env = {
    ...environment(),
    [`npm_config_${scope}:registry`]: url,
    [`npm_config_${key}`]: value,
  }
  return { url, env, npmrc, versions: {} }
}

/**
 * Publish all packages of a built clone: packed by pnpm, which resolves the ranges of the workspace, and sent
 * from this very process, which is many times quicker than an npm for each.
 * @param {string} clone @param {Registry} registry an empty one @returns {Promise<Registry>}
 */
async function publish(clone, registry) {
  const packages = publishedMembers(clone).map(([, manifest]) => manifest)
  const tarballs = join(clone, 'tarballs')
  const chosen = packages.map(({ name }) => `--filter=${name}`)
  execute(pnpm('--recursive', ...chosen, 'pack', '--pack-destination', tarballs), clone)
  for (const { name, version } of packages) {
    const tarball = join(tarballs, `${name.slice(1).replace('/', '-')}-${version}.tgz`)
    const manifest = execute({ file: 'tar', args: ['-xzOf', tarball, 'package/package.json'] }, clone)
    await npmPublish(JSON.parse(manifest), readFileSync(tarball), {
      registry: registry.url,
      access: 'public',
      forceAuth: { token: 'nobody' },
    })
  }
  return { ...registry, versions: Object.fromEntries(packages.map(({ name, version }) => [name, version])) }
}
