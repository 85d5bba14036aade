// Check of the examples in doc comments. Comes in: sources of the published packages, built packages, a
// project that has them installed. Goes out: examples type-checked there as a reader's program is, and run in
// one process; `file:line` of what fails or of an export that must have one and has none.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { examplesOf } from './doc-examples.mjs'
import { files } from './members.mjs'
import { node, root, run } from './spawn.mjs'

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
  fisher: ['empirical', 'exact', 'adamSecondMoment'],
  optim: [
    'fit',
    'createUpdater',
    'castTree',
    'withMethod',
    'chain',
    'masked',
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
  gpu: ['gpuExecutor'],
  onnx: ['onnxEngine', 'compareWithEager'],
  tfjs: ['lotionOptimizer', 'chooseBackend', 'eagerEngine', 'tfjsExecutor', 'laneOp', 'straightThrough'],
  models: ['llama', 'mlp', 'generate', 'openDecoding'],
  text: [
    'byteTokenizer',
    'bpeTokenizer',
    'tokenizerFromJson',
    'tokenizerFromGguf',
    'trainBpe',
    'openText',
    'tokenBatches',
  ],
  checkpoints: [
    'openSafetensors',
    'readSafetensors',
    'writeSafetensors',
    'castFile',
    'writeAtomic',
    'saveRun',
    'loadRun',
    'openGguf',
    'writeGguf',
  ],
  language: ['loadModel', 'judgedText'],
  conformance: ['verify'],
}

/**
 * @param {string} project a folder outside of the clone
 * @param {(folder: string, paths: readonly string[]) => Promise<number>} typeCheck
 * @returns {Promise<number>} how many failures
 */
export async function checkExamples(project, typeCheck) {
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
    const entries = [`@lotion/${folder}`, ...(folder === 'text' ? ['@lotion/text/node'] : [])]
    const exports = Object.assign({}, ...(await Promise.all(entries.map((name) => import(name)))))
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
  return wrong.length + (await runAll(examples, project, typeCheck))
}

/**
 * @param {readonly (import('./doc-examples.mjs').Example & { readonly path: string })[]} examples
 * @param {string} project
 * @param {(folder: string, paths: readonly string[]) => Promise<number>} typeCheck
 * @returns {Promise<number>} how many failures
 */
async function runAll(examples, project, typeCheck) {
  const folder = join(project, 'examples')
  mkdirSync(folder)
  const placed = examples.map(({ path, line, name, code }, i) => {
    const file = `${i}-${name}.mts`
    writeFileSync(join(folder, file), `// ${path}:${line}\n${code}\nexport {}\n`)
    return { file: `./${file}`, at: `${path}:${line} ${name}` }
  })
  const typed = await typeCheck(
    project,
    placed.map(({ file }) => join('examples', file)),
  )
  writeFileSync(join(folder, 'run.mts'), runnerOf(placed))
  const status = await run(node('--import', 'tsx', join('examples', 'run.mts')), { cwd: project })
  return [typed, status].filter((each) => each !== 0).length
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
