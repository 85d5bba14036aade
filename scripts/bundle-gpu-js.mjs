// gpu.js as one file that runs in Node and in browsers: its package brings a WebGPU for Node
// that nothing uses, and a WebGL for Node that is compiled on installation. Comes in: the installed
// gpu.js. Goes out: packages/gpu/generated/gpu-js.js, with the notices of all that is in it; with --check,
// status 1 where that is not what would be written.
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { writeOrCompare } from './generated-file.mjs'
import { main, root } from './spawn.mjs'

const require = createRequire(import.meta.url)
const target = 'packages/gpu/generated/gpu-js.js'
const folder = dirname(require.resolve('gpu.js'))

/** Modules of Node, taken where there are some, and a native one: as empty as in gpu.js's browser build. */
const outside = /^(?:os|worker_threads|gl)$/

/** @type {import('esbuild').Plugin} */
const imports = {
  name: 'nothing outside the file',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: outside }, ({ path }) => ({ path, namespace: 'outside' }))
    onLoad({ filter: /./, namespace: 'outside' }, ({ path }) => ({
      contents:
        path === 'gl'
          ? 'module.exports = {}'
          : `module.exports = globalThis.process?.getBuiltinModule?.('node:${path}') ?? {}`,
    }))
  },
}

/** @param {string} path of a module @returns {string} the folder of its package */
function packageOf(path) {
  const above = dirname(path)
  return existsSync(join(above, 'package.json')) ? above : packageOf(above)
}

/** @param {string} path the folder of a package @returns {string} its name, version, licence and notice */
function noticeOf(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const notice = readFileSync(join(path, 'LICENSE'), 'utf8').trim()
  return [`${name} ${version}, licence ${license}`, '', ...notice.split('\n'), '']
    .map((line) => ` * ${line}`.trimEnd())
    .join('\n')
}

/** @returns {Promise<string>} The file. */
async function bundled() {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: "export { GPU, WebGPUBufferResult, WebGPUContext } from 'gpu.js'",
      resolveDir: root,
    },
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    // Not the file for browsers that gpu.js brings.
    mainFields: ['main'],
    legalComments: 'none',
    // Names stay, for stack traces; whoever bundles shortens them.
    minifyWhitespace: true,
    lineLimit: 200,
    metafile: true,
    write: false,
    plugins: [imports],
  })
  const files = Object.keys(metafile.inputs).filter((path) => !/^(?:<stdin>|outside:)/.test(path))
  const packages = new Set(files.map((path) => packageOf(join(folder, path))))
  return `/**
 * @license
 * Made into one file by scripts/bundle-gpu-js.mjs, which says why, of these packages:
 *
${[...packages].toSorted().map(noticeOf).join('\n')}
 */
${outputFiles[0]?.text}`
}

await main(async () => writeOrCompare(target, await bundled(), 'scripts/bundle-gpu-js.mjs', 'gpu.js'))
