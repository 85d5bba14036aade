// Check of what one import costs in a bundle. Comes in: the built packages. Goes out: a table of sizes;
// status 1 if one is above its limit, carries what its entry must not, or is told otherwise. Measured: one
// format with its scale rule and packing, tree-shaken, minified and compressed with gzip, without
// @lotion/core (a bundle has it once, for all packages), which is printed for comparison; and one with its
// cast, with all it needs.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { main, root } from './spawn.mjs'

/** Bytes that a single format may cost, its codes for files included. */
const limit = 3000

/** Bytes of the plainest format with its cast, and all that both need. */
const castLimit = 2500

/** Where the sizes are told. */
const told = 'packages/formats/README.md'

/** Every kind of format: a plain grid, a list of points, each family of scales. */
const names = ['int4', 'fp4', 'nf4', 'fp8E4m3', 'mxfp4', 'mxint8', 'nvfp4', 'q4_0', 'ggufMxfp4']

/**
 * @type {readonly (readonly [entry: string, carried: RegExp, instead: string])[]} What the files of an
 * entry's bundle must not be.
 */
const apart = [
  ['@lotion/cpu', /^packages\/cpu\/dist\/gemm\/(?!product-memory)/, '@lotion/cpu/gemm'],
  [
    '@lotion/tfjs',
    /^packages\/(cpu\/dist\/gemm\/(?!product-memory)|tfjs\/dist\/wasm\/)/,
    '@lotion/tfjs/wasm',
  ],
]

await main(async () => {
  let failed = 0
  for (const [entry, carried, instead] of apart) {
    const { files } = await bundled(`export * from '${entry}'`, ['@tensorflow/*'])
    const found = files.filter((path) => carried.test(path))
    if (found.length > 0) failed++
    console.log(
      `${found.length > 0 ? 'FAIL' : 'ok  '} ${entry} leaves to ${instead}: ${found.join(', ') || 'all of it'}`,
    )
  }
  /** @type {number[]} */ const alone = []
  /** @type {number[]} */ const all = []
  for (const name of names) {
    const { bytes } = await bundled(`export { ${name} } from '@lotion/formats'`, ['@lotion/core'])
    const { bytes: whole } = await bundled(`export { ${name} } from '@lotion/formats'`, [])
    if (bytes > limit) failed++
    alone.push(bytes)
    all.push(whole)
    console.log(
      `${bytes > limit ? 'FAIL' : 'ok  '} ${name}: ${bytes} bytes of ${limit} without @lotion/core, ${whole} with it`,
    )
  }
  const { bytes: cast } = await bundled(
    "export { int4 } from '@lotion/formats'; export { castNearest } from '@lotion/core'",
    [],
  )
  if (cast > castLimit) failed++
  console.log(
    `${cast > castLimit ? 'FAIL' : 'ok  '} int4 and castNearest: ${cast} bytes of ${castLimit} with @lotion/core`,
  )
  const text = `${between(alone)} besides \`@lotion/core\`, ${between(all)} with what it takes of that; \`int4\` with its nearest cast ${kilobytes(cast)}`
  const isTold = readFileSync(join(root, told), 'utf8').replaceAll(/\s+/g, ' ').includes(text)
  if (!isTold) failed++
  console.log(`${isTold ? 'ok  ' : 'FAIL'} ${told} says '${text}'`)
  return failed === 0 ? 0 : 1
})

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`
}

/** @param {readonly number[]} sizes */
function between(sizes) {
  return `${kilobytes(Math.min(...sizes))} to ${kilobytes(Math.max(...sizes))}`
}

/**
 * Bundle a line of source as a user of the packages would, and compress it.
 * @param {string} contents @param {string[]} external
 */
async function bundled(contents, external) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    metafile: true,
    stdin: { contents, resolveDir: `${root}/packages/bench` },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    external,
  })
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  )
  return { bytes: gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length, files }
}
