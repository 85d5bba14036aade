// A plug-in with a misspelt member is refused where it is made, by every helper that makes one, and so is one
// in a record inside it (claims, options): the table is held to all the `define…` that packages export.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { defineTask } from '@lotion/bench'
import { defineCommand } from '@lotion/cli'
import { definePluginKind } from '@lotion/cli/internal'
import { defineFamily, defineLanes } from '@lotion/core'
import { definePart } from '@lotion/core/internal'
import { defineExportTarget } from '@lotion/export'
import { defineFisher } from '@lotion/fisher'
import { defineFormat, int4 } from '@lotion/formats'
import { defineArchitecture } from '@lotion/models'
import { defineNoise, randomizedRounding } from '@lotion/noise'
import { defineCallback, defineMethod, defineTransformation } from '@lotion/optim'
import { compiledFolders, files } from './members.mjs'
import { root } from './spawn.mjs'

const none = (): void => {}
const update = { name: 'mine', update: none }

/** What makes plug-ins from a record, with one that it takes. */
const helpers: Readonly<Record<string, readonly [make: (record: never) => unknown, record: object]>> = {
  defineArchitecture: [
    defineArchitecture,
    { name: 'mine', classes: [], prefix: '', embedding: '', keys: {}, model: none, configOf: none },
  ],
  defineCallback: [defineCallback, { name: 'mine', onStep: none }],
  defineCommand: [defineCommand, { path: ['mine'], summary: '', options: {}, examples: [], run: none }],
  defineExportTarget: [defineExportTarget, { name: 'mine', title: 'mine', kind: 'file', files: none }],
  defineFamily: [defineFamily, { name: 'mine', make: none }],
  defineFisher: [defineFisher, { name: 'mine', diagonal: none }],
  defineFormat: [defineFormat, { name: 'mine', grid: int4.grid }],
  defineLanes: [defineLanes, { name: 'mine', inputs: [], outputs: [], body: none }],
  defineMethod: [defineMethod, { name: 'mine', format: int4 }],
  defineNoise: [defineNoise, { ...randomizedRounding, name: 'mine' }],
  definePart: [(part: never) => definePart('definePart', part, { update: 'function' } as never), update],
  definePluginKind: [definePluginKind, { name: 'mine', families: [], isOne: none }],
  defineTask: [defineTask, { name: 'mine' }],
  defineTransformation: [defineTransformation, update],
}

/** Made of two arguments, neither of them a record; or of one without a name, which its own test holds. */
const others = ['defineKernel', 'defineTrainConfig', 'defineTrainedValues']

/** For the files of one package: no entry exports them, the compiler holds their records to the type. */
const inside = ['defineGgufArchitecture', 'defineGgufType']

it('the table has every helper that a package exports', () => {
  const sources = compiledFolders()
    .filter((folder) => folder.startsWith('packages/'))
    .flatMap((folder) => files(`${folder}/src`))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
  const found = sources.flatMap((path) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/^export (?:function|const) (define[A-Z]\w*)/gm)].map(
      ([, name]) => name,
    ),
  )
  expect(new Set(found)).toEqual(new Set([...Object.keys(helpers), ...others, ...inside]))
})

it.each(Object.entries(helpers))('%s refuses a misspelt member by name', (_, [make, record]) => {
  expect(() => make(record as never)).not.toThrow()
  expect(() => make({ ...record, sumary: 1 } as never)).toThrow(/^mine: unknown option 'sumary'/)
  expect(() => make({ ...record, nmae: 1 } as never)).toThrow(/^mine: unknown option 'nmae'/)
})

/** Records inside those, each with a member that is misspelt, and the name that was meant. */
const inner: readonly (readonly [helper: string, inside: object, found: string, meant: string])[] = [
  ['defineTask', { options: { size: { flag: '--size <n>' } } }, 'options: size', 'flags'],
  ['defineCommand', { options: { size: { flag: '--size <n>' } } }, 'options: size', 'flags'],
  ['defineCommand', { arguments: { file: { sintax: '<file>' } } }, 'arguments: file', 'syntax'],
]

it.each(inner)('%s refuses a misspelt member of %j', (helper, inside, place, meant) => {
  const [make, record] = helpers[helper]!
  expect(() => make({ ...record, ...inside } as never)).toThrow(
    new RegExp(`^mine: ${place}: unknown option '\\w+', did you mean '${meant}'\\?; options: `),
  )
})

it('a signal refuses a misspelt member', () => {
  const needs = [{ name: 'curvature', evry: 2 }]
  expect(() => defineFisher({ name: 'mine', needs, diagonal: none } as never)).toThrow(
    /unknown option 'evry', did you mean 'every'\?/,
  )
})
