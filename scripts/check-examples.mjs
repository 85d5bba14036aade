// Check of the examples in doc comments. Comes in: sources of the published packages, built packages. Goes
// out: examples type-checked, as strict as a reader's project, and run in one process; `file:line` of what
// fails or of an export that must have one and has none, and status 1.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { examplesOf } from './doc-examples.mjs'
import { files } from './members.mjs'
import { main, node, root, run } from './spawn.mjs'

/** Where the examples live while they run: in the root, which sees all packages and their peers. */
const scratch = join(root, '.examples')

/** What users call, by package; every `define…` and every maker with a family besides. */
const called = {
  core: [
    'evaluate',
    'trace',
    'castNearest',
    'castSample',
    'castVariance',
    'gradient',
    'layoutOf',
    'normals',
    'uniforms',
    'texOf',
  ],
  formats: [
    'quantize',
    'dequantize',
    'formatByName',
    'packingByName',
    'withBlock',
    'withScale',
    'bitsPerWeight',
    'intGrid',
    'gridFromPoints',
    'minifloatGrid',
    'scaledGrid',
    'fixedScale',
    'mseClip',
  ],
  noise: ['explain', 'additiveNoise'],
  fisher: [],
  optim: [
    'fit',
    'createUpdater',
    'castTree',
    'withMethod',
    'clipByGlobalNorm',
    'constant',
    'linear',
    'cosine',
    'warmUp',
    'annealed',
    'byName',
    'smoothingPenalty',
  ],
  cpu: ['cpuExecutor'],
  gpu: [],
  onnx: ['compareWithEager'],
  tfjs: ['chooseBackend', 'eagerEngine', 'tfjsExecutor', 'laneOp', 'straightThrough'],
  models: ['llama', 'mlp', 'byteTokenizer', 'bpeTokenizer', 'generate'],
  checkpoints: ['openSafetensors', 'readSafetensors', 'writeSafetensors', 'castFile', 'writeAtomic'],
  conformance: ['verify'],
}

await main(async () => {
  const found = Object.keys(called).flatMap((folder) =>
    files(`packages/${folder}/src`)
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
      .map((path) => ({ folder, path, ...examplesOf(path, readFileSync(join(root, path), 'utf8')) })),
  )
  const wrong = found.flatMap(({ path, malformed }) =>
    malformed.map(
      ({ line, name }) =>
        `${path}:${line} @example of ${name}: expected one block of \`\`\`ts, and nothing else`,
    ),
  )
  for (const [folder, names] of Object.entries(called)) {
    const has = new Set(
      found
        .filter((file) => file.folder === folder)
        .flatMap(({ examples }) => examples.map(({ name }) => name)),
    )
    const exports = await import(`@lotion/${folder}`)
    const makers = Object.keys(exports).filter(
      (name) => name.startsWith('define') || `${name}Family` in exports,
    )
    for (const name of new Set([...names, ...makers])) {
      if (!(name in exports)) wrong.push(`scripts/check-examples.mjs: @lotion/${folder} exports no ${name}`)
      else if (!has.has(name))
        wrong.push(`@lotion/${folder}: ${name}: expected an @example in its doc comment, found none`)
    }
  }
  for (const line of wrong) console.log(line)
  const examples = found.flatMap(({ path, examples }) => examples.map((example) => ({ path, ...example })))
  return (await runAll(examples)) === 0 && wrong.length === 0 ? 0 : 1
})

/**
 * @param {readonly (import('./doc-examples.mjs').Example & { readonly path: string })[]} examples
 * @returns {Promise<number>} exit status
 */
async function runAll(examples) {
  try {
    mkdirSync(scratch, { recursive: true })
    const placed = examples.map(({ path, line, name, code }, i) => {
      const file = join(scratch, `${i}-${name}.mts`)
      writeFileSync(file, `// ${path}:${line}\n${code}\nexport {}\n`)
      return { file, at: `${path}:${line} ${name}` }
    })
    const compilerOptions = {
      customConditions: [],
      noUnusedLocals: false,
      noUncheckedIndexedAccess: false,
      exactOptionalPropertyTypes: false,
      noEmit: true,
      typeRoots: [join(root, 'node_modules/@types')],
    }
    const project = join(scratch, 'tsconfig.json')
    writeFileSync(
      project,
      JSON.stringify({
        extends: '../tsconfig.base.json',
        compilerOptions,
        files: placed.map(({ file }) => file),
      }),
    )
    const typed = await run(node('node_modules/typescript/bin/tsc', '-p', project))
    const runner = join(scratch, 'run.mts')
    writeFileSync(runner, runnerOf(placed))
    const tsx = pathToFileURL(join(root, 'node_modules/tsx/dist/loader.mjs')).href
    return (await run(node('--import', tsx, runner), { cwd: scratch })) || typed
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** One after the other in one process: starting each by itself would take most of the time. */
function runnerOf(/** @type {readonly { readonly file: string, readonly at: string }[]} */ placed) {
  return `
const say = console.log
console.log = () => {}
let failed = 0
for (const { file, at } of ${JSON.stringify(placed)}) {
  try {
    await import(file)
  } catch (error) {
    failed++
    say(at, 'failed:', error)
  }
}
say('${placed.length} examples, ' + failed + ' failures')
process.exit(failed === 0 ? 0 : 1)
`
}
