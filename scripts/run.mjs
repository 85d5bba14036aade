// Entry of every root script. Comes in: a command name and its arguments. Goes out: the child's output and
// exit status, after what is missing or stale was installed and built. Needs Node and npm alone; chatter goes
// to standard error, so that the output of a command can be piped.
import { join } from 'node:path'
import { refuseWithoutAddresses } from './release.mjs'
import { build, ensureBuilt, ensureInstalled, refuseOldNode } from './workspace.mjs'
import { callersFolder, environment, main, node, root, run } from './spawn.mjs'
import { site } from './site.mjs'
import { tryFile } from './try.mjs'

/** @param {...string} args The command, where the user stands: relative paths mean the same as for `try`. */
const lotion = (...args) =>
  run(node(join(root, 'packages/cli/dist/main.js'), ...args), { cwd: callersFolder() })
const vitest = 'node_modules/vitest/vitest.mjs'
const oxlint = ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings']
const oxfmt = 'node_modules/oxfmt/bin/oxfmt'

/** @type {readonly (readonly [string, () => Promise<number>])[]} What `check` runs, in order. */
const checks = [
  [
    'types',
    async () =>
      (await run(node('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.test.json'))) ||
      run(node('node_modules/vue-tsc/bin/vue-tsc.js', '-p', 'docs')),
  ],
  ['layers', () => run(node('scripts/check-layers.mjs'))],
  ['style', () => run(node('scripts/check-style.mjs'))],
  ['lint', () => run(node(...oxlint))],
  ['format', () => run(node(oxfmt, '--check'))],
  [
    'generated',
    async () =>
      (await run(node('scripts/page-parts.mjs', '--check'))) ||
      (await run(node('scripts/bundle-gradients.mjs', '--check'))) ||
      run(node('scripts/bundle-gpu-js.mjs', '--check')),
  ],
  ['unused', () => run(node('node_modules/knip/bin/knip.js', '--no-progress'))],
  ['packages', () => run(node('scripts/check-packages.mjs'))],
  ['licences', () => run(node('scripts/check-licences.mjs'))],
  ['portable', () => run(node('scripts/check-portable.mjs'))],
  [
    'size',
    async () => (await run(node('scripts/check-size.mjs'))) || run(node('scripts/check-entry-sizes.mjs')),
  ],
  ['api', () => run(node('scripts/check-api.mjs'))],
]

/** @type {Readonly<Record<string, (args: readonly string[]) => Promise<number>>>} */
const commands = {
  // The comparison of the README is in INT4 with one scale a tensor; `lotion quickstart` takes a format's own
  // blocks.
  start: async (args) => {
    const chosen = args.some((word) => /^--(format|block)(=|$)/.test(word))
    const grid = chosen ? [] : ['--format', 'int4', '--block', 'tensor']
    return (await ensureBuilt()) || lotion('quickstart', ...grid, ...args)
  },
  lotion: async (args) => (await ensureBuilt()) || lotion(...args),
  try: async (args) => (await ensureBuilt()) || tryFile(args),
  setup: () => ensureBuilt(),
  test: async (args) => (await ensureInstalled()) || run(node(vitest, 'run', ...args)),
  extended: async (args) => (await ensureBuilt()) || run(node(vitest, 'run', ...args), { env: extended() }),
  build: async (args) => (await ensureInstalled()) || build(args),
  check: async (args) => (await ensureBuilt()) || check(args),
  matrix: async (args) => (await ensureBuilt()) || run(node('packages/matrix/dist/main.js', ...args)),
  browser: async (args) => (await ensureBuilt()) || run(node('scripts/browser.mjs', ...args)),
  api: async () => (await ensureBuilt()) || run(node('scripts/check-api.mjs', '--write')),
  docs: async (args) => (await ensureBuilt()) || site(args),
  site: async (args) =>
    (await ensureInstalled()) || run(node('--import', 'tsx', 'scripts/check-site.mjs', ...args)),
  lint: async (args) => (await ensureInstalled()) || run(node(...oxlint, ...args)),
  format: async (args) => (await ensureInstalled()) || run(node(oxfmt, ...args)),
  changeset: async (args) =>
    (await ensureInstalled()) || run(node('node_modules/@changesets/cli/bin.js', ...args)),
  manifests: async () => (await ensureInstalled()) || run(node('scripts/write-manifests.mjs')),
  release: async (args) => {
    refuseWithoutAddresses()
    return (await ensureBuilt()) || (await check([])) || run(node('scripts/release.mjs', ...args))
  },
  'release-path': async () => (await ensureInstalled()) || run(node('scripts/release-path.mjs')),
  licences: async () => (await ensureInstalled()) || run(node('scripts/check-licences.mjs', '--write')),
  sbom: async (args) => (await ensureBuilt()) || run(node('scripts/sbom.mjs', ...args)),
  examples: async (args) => (await ensureBuilt()) || run(node('scripts/run-examples.mjs', ...args)),
  strangers: async (args) => (await ensureBuilt()) || run(node('scripts/strangers/main.mjs', ...args)),
  kills: async ([first, ...rest]) =>
    (await ensureBuilt()) ||
    run(
      first === 'resume'
        ? node('scripts/stress-resume.mjs', ...rest)
        : node('scripts/stress-kills.mjs', ...(first === undefined ? [] : [first, ...rest])),
    ),
  privacy: async (args) => (await ensureBuilt()) || run(node('scripts/check-privacy.mjs', ...args)),
  // Of chosen pages no pictures are made again.
  guide: async (args) =>
    (await ensureBuilt()) ||
    (await run(node('--import', 'tsx', 'scripts/check-guide.mjs', ...args))) ||
    (args.length > 0 ? 0 : run(node('--import', 'tsx', 'scripts/pictures.ts', '--check'))),
  pictures: async (args) =>
    (await ensureBuilt()) || run(node('--import', 'tsx', 'scripts/pictures.ts', ...args)),
  methods: async (args) =>
    (await ensureBuilt()) || run(node('--import', 'tsx', 'scripts/measure-methods.ts', ...args)),
  snippets: async () => (await ensureBuilt()) || run(node('--import', 'tsx', 'scripts/check-snippets.mjs')),
}

/** @returns {NodeJS.ProcessEnv} The environment in which vitest takes the extended tests, and no others. */
const extended = () => ({ ...environment(), LOTION_EXTENDED: '1' })

/**
 * Run every check (or those named), print which failed, and fail if one did.
 * @param {readonly string[]} names
 */
async function check(names) {
  const known = checks.map(([name]) => name)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw new Error(`unknown check '${unknown}': expected some of ${known.join(', ')}`)
  const lines = []
  let failed = 0
  for (const [name, step] of checks) {
    if (names.length > 0 && !names.includes(name)) continue
    console.log(`\n── ${name}`)
    const start = performance.now()
    const status = await step()
    if (status !== 0) failed++
    lines.push(
      `${status === 0 ? 'ok  ' : 'FAIL'} ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)`,
    )
  }
  console.log(`\n${lines.join('\n')}`)
  return failed === 0 ? 0 : 1
}

await main(async () => {
  refuseOldNode()
  const [name = '', ...args] = process.argv.slice(2)
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command)
    throw new Error(`unknown command '${name}': expected one of ${Object.keys(commands).join(', ')}`)
  return command(args)
})
