import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { adamw, cage, lotionFamily, qatFamily } from '@lotion/optim'
import { membersOf } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { empirical } from '@lotion/fisher'
import { int4 } from '@lotion/formats'
import { ditheredFamily, randomizedRounding } from '@lotion/noise'
import { amount } from '@lotion/test-kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordedCli } from '../recorded-cli.js'
import { camelCase, inWorkspace } from './new-plugin.js'
import { pluginsOf } from './plugin-kinds.js'
import { templateKinds, titleOfKind } from './template-kinds.js'

const cli = (...words: readonly string[]) => recordedCli(words)

let folder: string
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'lotion-plugins-'))))
afterAll(() => rm(folder, { recursive: true }))

test('kinds are told by their members', () => {
  const values = [randomizedRounding, int4, empirical(), adamw({ learningRate: 1 }), cpuExecutor()]
  expect(values.flatMap(pluginsOf).map(({ kind }) => kind)).toEqual([
    'noise',
    'format',
    'fisher',
    'transformation',
    'executor',
  ])
  // The members of a family, and a method with its parts; one with a point alone has none.
  expect(pluginsOf(ditheredFamily).map(({ value }) => value.name)).toEqual(
    membersOf(ditheredFamily, undefined).map(({ name }) => name),
  )
  expect(pluginsOf(lotionFamily)).toMatchObject([{ kind: 'method' }, { kind: 'transformation' }])
  expect(pluginsOf(cage({ format: int4 }))).toMatchObject([{ kind: 'method' }, { kind: 'transformation' }])
  expect(pluginsOf(qatFamily)).toMatchObject([{ kind: 'method', value: { name: 'qat' } }])
  for (const value of [
    undefined,
    null,
    3,
    'noise',
    () => randomizedRounding,
    {},
    { ...randomizedRounding, sample: 1 },
    { ...int4, grid: {} },
  ])
    expect(pluginsOf(value)).toEqual([])
})

/** A module of noises: records of formulas, typed, without a single import. */
const wrongNoises = `
interface Lane { add(b: unknown): Lane; sub(b: unknown): Lane; mul(b: unknown): Lane; div(b: unknown): Lane; less(b: unknown, yes: unknown, no: unknown): Lane; abs(): Lane }
interface Site { x: Lane; lo: Lane; hi: Lane }
const claims = { unbiased: true, continuous: true, preserving: true, onGrid: true } as const
const product = ({ x, lo, hi }: Site): Lane => x.sub(lo).mul(hi.sub(x)).abs()
const place = ({ x, lo, hi }: Site): Lane => lo.less(hi, x.sub(lo), 0).div(lo.less(hi, hi.sub(lo), 1))
const law = (up: (t: Lane) => Lane) => ({
  atoms: (at: Site) => [{ value: at.lo, mass: up(place(at)).mul(-1).add(1) }, { value: at.hi, mass: up(place(at)) }],
  sample: (at: Site, u: Lane) => u.less(up(place(at)).mul(-1).add(1), at.lo, at.hi),
})
const rounding = law((t) => t)
const square = (a: Lane): Lane => a.mul(a)

/** Rounds up with probability t²: the mean is not x. */
export const biased = {
  name: 'biased', claims, ...law(square),
  variance: (at: Site) => {
    const up = square(place(at))
    return square(at.x.sub(at.lo)).mul(up.mul(-1).add(1)).add(square(at.hi.sub(at.x)).mul(up))
  },
}
/** Its variance starts at .1 beside a grid point, where it is 0. */
export const jumping = { name: 'jumping', claims, ...rounding, variance: (at: Site) => at.lo.less(at.hi, product(at).add(0.1), product(at)) }
/** Its variance is twice what its samples have. */
export const doubled = { name: 'doubled', claims, ...rounding, variance: (at: Site) => product(at).mul(2) }
/** Nothing is wrong with this one. */
export const right = { name: 'right', claims, ...rounding, variance: product }
export const unrelated = place
`

describe('verify', () => {
  test('names the law that a wrong noise breaks, and the smallest input', async () => {
    const path = join(folder, 'wrong-noises.ts')
    await writeFile(path, wrongNoises)
    const { status, stdout, stderr } = await cli('verify', path)
    expect(status).toBe(1)
    expect(stderr).toMatch(/^error: .*wrong-noises\.ts: \d+ laws are violated\n$/)
    const [biased, doubled, jumping, right] = ['biased', 'doubled', 'jumping', 'right'].map((name) =>
      stdout.split(/^(?=noise )/m).find((part) => part.startsWith(`noise ${name} (export ${name})\n`))!,
    )
    expect(biased).toMatch(
      /^ {2}violated {2}claim 'unbiased' \(mean\): The mean outcome is x.* Broken at x = .+: the mean outcome is /m,
    )
    expect(jumping).toMatch(/^ {2}violated {2}claim 'continuous' \(no jumps\): .* Broken at x = /m)
    expect(doubled).toMatch(
      /^ {2}violated {2}variance: The variance is E\[\(q − x\)²\].* Broken at x = .+: the variance is .*, E\[\(q − x\)²\] is /m,
    )
    expect(right).not.toMatch(/^ {2}violated/m)
    expect(right).toMatch(/^ {2}ok {8}mean: The mean outcome is x/m)
    expect(stdout).toMatch(/\n\d+ laws hold, \d+ violated, \d+ skipped .*\n$/)
    const lines = (await cli('verify', path, '--json')).stdout.trimEnd().split('\n')
    const failed = lines
      .map((line) => JSON.parse(line) as { plugin: string; outcome: string; check: string })
      .flatMap(({ plugin, outcome, check }) => (outcome === 'failed' ? [`${plugin}: ${check}`] : []))
    expect(failed).toEqual([
      'biased: mean',
      'biased: statement 1',
      'doubled: variance',
      'jumping: variance',
      'jumping: no jumps',
    ])
  })

  test.each(['ts', 'mts'].slice(0, amount(1, 2)))(
    'lends its own packages where the file has none: .%s',
    async (extension) => {
      const path = join(folder, `lent.${extension}`)
      await writeFile(path, "export { randomizedRounding, nearest } from '@lotion/noise'")
      const { status, stderr, stdout } = await cli('verify', path)
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toMatch(/\n\d{2} laws hold, 0 violated/)
      await writeFile(join(folder, `greedy.${extension}`), "export * from '@lotion/no-such-package'")
      expect((await cli('verify', join(folder, `greedy.${extension}`))).stderr).toMatch(
        /^error: cannot load .*: Cannot find (package|module) '@lotion\/no-such-package'[^\\]*\nfor a stack/,
      )
      await writeFile(join(folder, `other.${extension}`), "export * from 'commander'")
      expect((await cli('verify', join(folder, `other.${extension}`))).stderr).toMatch(
        /^error: cannot load .*: Cannot find (package|module) 'commander'/,
      )
    },
  )

  test('status 0 where all laws hold; JavaScript too', async () => {
    const path = join(folder, 'right.mjs')
    await writeFile(
      path,
      `const place = ({ x, lo, hi }) => lo.less(hi, x.sub(lo), 0).div(lo.less(hi, hi.sub(lo), 1))
       export default {
         name: 'right',
         claims: { unbiased: true, continuous: true, preserving: true },
         atoms: (at) => [{ value: at.lo, mass: place(at).mul(-1).add(1) }, { value: at.hi, mass: place(at) }],
         variance: ({ x, lo, hi }) => x.sub(lo).mul(hi.sub(x)).abs(),
         sample: (at, u) => u.less(place(at).mul(-1).add(1), at.lo, at.hi),
       }`,
    )
    const { status, stderr, stdout } = await cli('verify', path)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toContain('noise right (export default)')
  })

  test('a default export of a module that is no package', async () => {
    const path = join(folder, 'default.ts')
    const alone = wrongNoises.replaceAll('export const', 'const').replace('const right =', 'export default')
    await writeFile(path, alone)
    expect((await cli('verify', path)).stdout).toContain('noise right (export default)')
  })

  test.each([
    [
      'mine.test.ts',
      '',
      2,
      /file: expected the module of a plugin, found a test at .*, such as '.*mine\.ts'/,
    ],
    ['none.ts', undefined, 2, /file: expected a file, found nothing/],
    ['data.json', '{}', 2, /file: expected a module that ends in .ts, .mts, .js, .mjs/],
    [
      'maker.ts',
      'export const make = (): number => 1',
      2,
      /file: export what 'make' returns, found a function; verify holds noises, .* to laws\n/,
    ],
    [
      'task.ts',
      "export const mine = { name: 'mine', options: {}, loss: {}, steps: 1, workload: () => 1 }",
      2,
      /file: lotion run .*task\.ts tries 'mine', which is a task; verify holds .* and there are none of tasks\n/,
    ],
    ['empty.ts', 'export {}', 2, /file: write 'export const …' before a plug-in, found no exports\n/],
    ['value.ts', 'export const x = 3', 2, /file: make 'x' by defineNoise, .*, found a number; verify holds /],
    ['throws.ts', "throw new Error('at home')", 1, /cannot load .*throws.ts: at home/],
    ['broken.ts', 'export const = 1', 1, /cannot load .*broken.ts: /],
  ])('%s', async (name, text, status, message) => {
    if (text !== undefined) await writeFile(join(folder, name), text)
    const outcome = await cli('verify', join(folder, name))
    expect(outcome.stderr).toMatch(message)
    expect(outcome).toMatchObject({ status, stdout: '' })
  })
})

describe('new', () => {
  test('names the folder, its files and the export', async () => {
    const target = join(folder, 'made', 'my-own')
    const { status, stderr, stdout } = await cli('new', 'noise', 'odd-one', target)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const files = ['README.md', 'package.json', 'src/odd-one.test.ts', 'src/odd-one.ts', 'tsconfig.json']
    for (const file of files) expect(stdout).toContain(`  ${file}\n`)
    expect((await readdir(target, { recursive: true })).sort()).toEqual([...files, 'src'].sort())
    expect(await readFile(join(target, 'src/odd-one.ts'), 'utf8')).toContain(
      "export const oddOne = defineNoise({\n  name: 'odd-one',",
    )
    for (const file of files) expect(await readFile(join(target, file), 'utf8')).not.toMatch(/my-?noise/i)
    expect(await readdir(dirname(target))).toEqual(['my-own'])
    const again = await cli('new', 'format', 'odd-one', target)
    expect(again.stderr).toContain(
      `folder: expected a new one, found ${target} already there; choose another`,
    )
    expect(again.status).toBe(1)
    expect(await readdir(dirname(target))).toEqual(['my-own'])
  })

  test('what it prints as next works at once, in a folder without any package', async () => {
    for (const kind of templateKinds().filter((one) => one !== 'task')) {
      const target = join(folder, `next-${kind}`)
      const { stdout } = await cli('new', kind, `next-${kind}`, target)
      const [, line = ''] = /^next: (?:npm run -s lotion --|lotion) (.*)$/m.exec(stdout) ?? []
      expect(line).toMatch(/^verify /)
      const verified = await cli(...line.split(' '))
      expect(verified).toMatchObject({ status: 0, stderr: '' })
      expect(verified.stdout).toMatch(/ 0 violated/)
      expect(verified.stdout).toContain(`(export ${camelCase(`next-${kind}`)})`)
    }
  })

  test.each(['My', '../up', 'a--b', '1st', 'new', ''])("refuses the name '%s'", async (name) => {
    const { status, stderr } = await cli('new', 'noise', name)
    expect(stderr).toContain('name: expected lower-case words with hyphens between')
    expect(status).toBe(2)
  })

  test('templates ask for the versions that the workspace has', async () => {
    const root = manifestOf(await readFile(new URL('../../../../package.json', import.meta.url), 'utf8'))
    for (const kind of templateKinds()) {
      expect(titleOfKind(kind)).toMatch(/^an? [\w- ]+$/)
      const made = manifestOf(
        await readFile(new URL(`../../templates/${kind}/package.json.template`, import.meta.url), 'utf8'),
      )
      for (const name of ['vitest', 'typescript'])
        expect(made.devDependencies[name]).toBe(root.devDependencies[name])
    }
  })

  test('knows a member of the workspace by its place', async () => {
    const root = join(folder, 'workspace')
    await mkdir(join(root, 'packages/conformance'), { recursive: true })
    await writeFile(join(root, 'pnpm-workspace.yaml'), '')
    await writeFile(join(root, 'packages/conformance/package.json'), '{}')
    expect(await inWorkspace(join(root, 'examples/mine'))).toBe(true)
    expect(await inWorkspace(join(root, 'mine'))).toBe(false)
    expect(await inWorkspace(join(folder, 'examples/mine'))).toBe(false)
  })
})

function manifestOf(text: string): { readonly devDependencies: Readonly<Record<string, string>> } {
  return JSON.parse(text) as { readonly devDependencies: Readonly<Record<string, string>> }
}
