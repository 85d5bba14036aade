// TypeScript programs of strangers. Comes in: built packages. Goes out: checks that every entry's types
// compile where a consumer is strict and checks libraries too, by each way of resolving modules; and
// without `dom` and Node's types for the packages that promise it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { node } from '../spawn.mjs'
import { everything } from './on-runtimes.mjs'
import { execute } from './execute.mjs'
import { published } from './projects.mjs'

/** Packages whose types need nothing but the language. */
const bare = ['core', 'formats', 'noise', 'fisher', 'optim', 'cpu', 'conformance']

/**
 * What is wrong in types of others, and cannot be repaired here: consumers of packages that need tfjs set
 * `skipLibCheck`, as tfjs's own users do. Exactly these, so that a new one is seen.
 * @type {readonly string[]}
 */
const knownErrors = Array(2).fill('node_modules/@tensorflow/tfjs-core/dist/hash_util.d.ts TS2304')

/** @type {readonly (readonly [name: string, options: Readonly<Record<string, unknown>>])[]} */
const resolutions = [
  ['node16', { module: 'node16', moduleResolution: 'node16' }],
  ['nodenext', { module: 'nodenext', moduleResolution: 'nodenext' }],
  ['bundler', { module: 'esnext', moduleResolution: 'bundler' }],
]

/** @type {readonly import('./main.mjs').Check[]} */
export const consumers = resolutions.flatMap(([name, options]) => [
  {
    what: 'types of all packages',
    where: `typescript ${name}`,
    run: () => compiled(`all-${name}`, [...published.keys()], { ...options, types: ['node'] }, knownErrors),
  },
  {
    what: 'types without dom and node',
    where: `typescript ${name}`,
    run: () =>
      compiled(
        `bare-${name}`,
        bare.map((short) => `@lotion/${short}`),
        { ...options, lib: ['es2022'], types: [] },
        [],
      ),
  },
])

/**
 * Compile a program that imports every entry of packages.
 * @param {string} name @param {readonly string[]} packages @param {Readonly<Record<string, unknown>>} options
 * @param {readonly string[]} known errors that are expected
 */
async function compiled(name, packages, options, known) {
  const folder = await everything()
  const entries = packages.flatMap((one) =>
    Object.keys(published.get(one)?.exports ?? {})
      // What only sister packages use, and what needs an optional peer.
      .filter((entry) => !['./package.json', './internal', './vitest'].includes(entry))
      .map((entry) => `${one}${entry.slice(1)}`),
  )
  const lines = entries.flatMap((entry, i) => [`import * as all${i} from '${entry}'`, `void all${i}`])
  writeFileSync(join(folder, `${name}.ts`), `${lines.join('\n')}\n`)
  const strict = { target: 'es2022', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false }
  const compilerOptions = { ...strict, ...options, noEmit: true }
  const config = join(folder, `tsconfig.${name}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }))
  const tsc = node('node_modules/typescript/bin/tsc', '-p', config, '--pretty', 'false')
  const { text } = await execute(tsc, folder, { status: known.length > 0 ? 2 : 0 })
  const errors = text.split('\n').filter((line) => /error TS\d+/.test(line))
  const found = errors.map((line) => line.replace(/\(\d+,\d+\): error (TS\d+).*$/, ' $1')).toSorted()
  if (found.join('\n') !== known.toSorted().join('\n'))
    throw new Error(
      `expected ${known.length === 0 ? 'no errors' : known.join('\n')}, found\n${errors.join('\n')}`,
    )
  return `${entries.length} entries, ${found.length} errors of others`
}
