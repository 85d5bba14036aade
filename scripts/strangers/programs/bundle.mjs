// Program of a project that has bundlers. Comes in: a bundler's name, an entry, a folder. Goes out: the
// bundle `page.js` in that folder.
import { join, resolve } from 'node:path'

const [name, entry, folder] = process.argv.slice(2)
const input = resolve(entry)

/** Each as its own page tells for an application of ES modules, and nothing besides. */
const bundlers = {
  esbuild: async () => {
    const { build } = await import('esbuild')
    const options = { bundle: true, format: 'esm', platform: 'browser', minify: true, logLevel: 'error' }
    await build({ ...options, entryPoints: [input], outfile: join(folder, 'page.js') })
  },
  vite: async () => {
    const { build } = await import('vite')
    const output = { entryFileNames: 'page.js' }
    const options = { outDir: folder, target: 'es2022', rollupOptions: { input, output } }
    await build({ configFile: false, logLevel: 'error', build: options })
  },
  webpack: async () => {
    const { default: webpack } = await import('webpack')
    const stats = await new Promise((settle, reject) => {
      webpack(
        {
          mode: 'production',
          entry: input,
          experiments: { outputModule: true },
          output: { path: resolve(folder), filename: 'page.js', module: true, library: { type: 'module' } },
        },
        (error, stats) => (error ? reject(error) : settle(stats)),
      )
    })
    if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }))
  },
  rollup: async () => {
    const { rollup } = await import('rollup')
    const { default: nodeResolve } = await import('@rollup/plugin-node-resolve')
    const { default: commonjs } = await import('@rollup/plugin-commonjs')
    const plugins = [nodeResolve({ browser: true }), commonjs()]
    const bundle = await rollup({ input, plugins, onwarn: () => undefined })
    await bundle.write({ dir: folder, entryFileNames: 'page.js', format: 'esm' })
    await bundle.close()
  },
}

await bundlers[name]()
