// Gradients of tfjs-core, and the chained methods that they call, as one file that Node imports: the imports
// of its own files lack endings, which bundlers find and Node does not. Comes in: the installed tfjs-core.
// Goes out: packages/tfjs/generated/core-gradients.js; with --check, status 1 where that is not what would
// be written. What tfjs-core exports stays an import, so that there is one engine; the rest is copied.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import { writeOrCompare } from './generated-file.mjs'
import { main, root } from './spawn.mjs'

const core = '@tensorflow/tfjs-core'
const target = 'packages/tfjs/generated/core-gradients.js'
const require = createRequire(join(root, 'packages/tfjs/package.json'))
const folder = dirname(require.resolve(core))
const { version } = require(`${core}/package.json`)
/** @type {Readonly<Record<string, object>>} */ const exported = require(core)

/** Modules whose content is a member of tfjs-core. @type {Readonly<Record<string, string>>} */
const namespaces = {
  'util.js': 'util',
  'ops/broadcast_util.js': 'broadcast_util',
  'ops/slice_util.js': 'slice_util',
}

/**
 * What stands in place of a module: imports from tfjs-core, and the module itself for the rest.
 * @param {string} path @returns {string}
 */
function publicPart(path) {
  const name = path.slice(folder.length + 1).replaceAll('\\', '/')
  if (name === 'engine.js') return `import { engine } from '${core}'\nexport const ENGINE = engine()`
  const space = namespaces[name]
  if (space !== undefined)
    return `import { ${space} } from '${core}'\nexport const { ${Object.keys(exported[space] ?? {}).join(', ')} } = ${space}`
  const text = readFileSync(path, 'utf8')
  if (name === 'ops/ops.js') return `export * from '${core}'`
  if (/^(?:register_all_gradients\.js|gradients\/|public\/chained_ops\/)/.test(name)) return text
  const names = [
    ...[...text.matchAll(/^export (?:const|let|var|function|class) (\w+)/gm)].map(([, found]) => found),
    ...[...text.matchAll(/^export \{([^}]*)\}/gm)].flatMap(([, list]) =>
      String(list)
        .split(',')
        .map((one) => one.trim().split(' as ').at(-1)),
    ),
  ].filter((found) => found !== undefined && found !== '')
  const isPublic = (/** @type {string | undefined} */ found) => Object.hasOwn(exported, String(found))
  const own = names.filter((found) => !isPublic(found))
  return [
    `export { ${names.filter(isPublic).join(', ')} } from '${core}'`,
    own.length > 0 ? `export { ${own.join(', ')} } from '${path}?own'` : '',
  ].join('\n')
}

/** @type {import('esbuild').Plugin} */
const imports = {
  name: 'what is public stays an import',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: /^@tensorflow\/tfjs-core$/ }, () => ({
      path: core,
      external: true,
      sideEffects: false,
    }))
    onResolve({ filter: /\?own$/ }, ({ path }) => ({
      path: path.slice(0, -'?own'.length),
      namespace: 'own',
      sideEffects: false,
    }))
    onLoad({ filter: /./, namespace: 'own' }, ({ path }) => ({
      contents: readFileSync(path, 'utf8'),
      resolveDir: dirname(path),
    }))
    onLoad({ filter: /tfjs-core[\\/]dist[\\/].*\.js$/ }, ({ path }) => ({ contents: publicPart(path) }))
  },
}

/** @returns {Promise<string>} The file. */
async function bundled() {
  const { outputFiles } = await build({
    stdin: {
      contents: readFileSync(join(root, 'packages/tfjs/generated/core-in-bundles.js'), 'utf8').replace(
        /^export .*\n/m,
        '',
      ),
      resolveDir: join(root, 'packages/tfjs/generated'),
    },
    absWorkingDir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'none',
    write: false,
    plugins: [imports],
  })
  return `/**
 * @license
 * Copyright Google LLC, licensed under the Apache License, Version 2.0. Changed: made into one file.
 * From ${core} ${version} by scripts/bundle-gradients.mjs, which says why.
 */
${outputFiles[0]?.text.replaceAll(/^\/\/ .*\n\n?/gm, '')}export const gradientsVersion = "${version}";
`
}

await main(async () => writeOrCompare(target, await bundled(), 'scripts/bundle-gradients.mjs', 'tfjs-core'))
