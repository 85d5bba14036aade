// Tests of the layer rules on small made-up packages.
import { describe, expect, it } from 'vitest'
import { checkInternal, checkLayers, importsOf, longestFile } from './layers.mjs'
import type { Member } from './layers.mjs'

const core: Member = {
  folder: 'packages/core',
  name: '@lotion/core',
  runtime: [],
  development: [],
  exported: ['.'],
  sources: [],
}

const member = (name: string, text: string, change: Partial<Member> = {}): Member => ({
  folder: `packages/${name}`,
  name: `@lotion/${name}`,
  runtime: ['@lotion/core'],
  development: [],
  exported: ['.'],
  sources: [{ path: `packages/${name}/src/a.ts`, text }],
  ...change,
})

const errorsOf = (...members: Member[]) =>
  checkLayers([core, ...members]).map(({ file, line, message }) => `${file}:${line} ${message}`)

describe('checkLayers', () => {
  it('accepts declared packages, built-in modules and files of the package itself', () => {
    const text = `import { a } from '@lotion/core'\nimport './b.js'\nimport 'node:fs'\nexport * from '@lotion/noise'\n`
    expect(errorsOf(member('noise', text))).toEqual([])
  })

  it('finds undeclared imports of every form, with their line', () => {
    const text = `\nimport type { A } from '@lotion/formats'\nconst b = await import('left-pad')\n`
    expect(errorsOf(member('noise', text))).toEqual([
      "packages/noise/src/a.ts:2 '@lotion/formats' is not among the runtime dependencies of @lotion/noise",
      "packages/noise/src/a.ts:3 'left-pad' is not among the runtime dependencies of @lotion/noise",
    ])
  })

  it('refuses a dependency against the layers even if it is declared', () => {
    const noise = member('noise', `import '@lotion/cpu'`, { runtime: ['@lotion/core', '@lotion/cpu'] })
    expect(errorsOf(noise)).toEqual([
      'packages/noise/package.json:1 @lotion/noise may not depend on @lotion/cpu (scripts/layers.mjs)',
    ])
  })

  it('lets tests use development dependencies, and sources not', () => {
    const sources = ['a.test.ts', 'a.ts'].map((file) => ({
      path: `packages/noise/src/${file}`,
      text: `import '@lotion/formats'`,
    }))
    expect(errorsOf(member('noise', '', { development: ['@lotion/formats'], sources }))).toEqual([
      "packages/noise/src/a.ts:1 '@lotion/formats' is not among the runtime dependencies of @lotion/noise",
    ])
  })

  it('keeps examples out of private files, by name and by path', () => {
    const text = `import '@lotion/core/src/lane.js'\nimport '../../packages/core/src/lane.js'\n`
    const sources = [{ path: 'examples/one/main.ts', text }]
    expect(errorsOf(member('one', '', { folder: 'examples/one', name: 'one', sources }))).toEqual([
      "examples/one/main.ts:1 '@lotion/core/src/lane.js' is private: @lotion/core exports .",
      "examples/one/main.ts:2 '../../packages/core/src/lane.js' leaves the package: import it by its name",
    ])
  })

  it('refuses long sources and long tests', () => {
    const text = '\n'.repeat(longestFile + 1)
    const sources = ['a.test.ts', 'a.ts'].map((file) => ({ path: `packages/noise/src/${file}`, text }))
    expect(checkLayers([member('noise', '', { sources })]).map(({ file }) => file)).toEqual([
      'packages/noise/src/a.test.ts',
      'packages/noise/src/a.ts',
    ])
  })

  it('asks for a layer for a new package', () => {
    expect(errorsOf(member('new', ''))).toEqual([
      'packages/new/package.json:1 @lotion/new has no layer: add it to the table in scripts/layers.mjs',
    ])
  })
})

describe('importsOf', () => {
  it('ignores what only looks like an import', () => {
    expect(importsOf({ path: 'a.ts', text: "// import 'a'\nconst text = \"import 'b'\"\n" })).toEqual([])
  })
})

describe('checkInternal', () => {
  it('refuses internal entries in code that is shown, in sources and in pages', () => {
    const text = `# A page\n\n\`\`\`ts\nimport { oneOf } from '@lotion/core/internal'\n\`\`\`\n`
    expect(checkInternal([{ path: 'docs/a.md', text }])).toEqual([
      { file: 'docs/a.md', line: 4, message: expect.stringContaining("'@lotion/core/internal' is for") },
    ])
  })

  it('accepts public entries, and words about internal ones', () => {
    const text = `import { matmul } from '@lotion/cpu/gemm'\n// \`@lotion/cpu/internal\` promises nothing\n`
    expect(checkInternal([{ path: 'examples/a/src/a.ts', text }])).toEqual([])
  })
})
