// Records from JavaScript whose members are not what they must be are refused where they are made, by name.

import type { Lane, UpdateLanes } from '@lotion/core'
import { defineFisher } from '@lotion/fisher'
import { defineFormat } from '@lotion/formats'
import { defineNoise } from '@lotion/noise'
import { expect, it } from 'vitest'
import { executor, shapes } from '../test/bowl.js'
import { defineTransformation } from './define-transformation.js'
import { createUpdater } from './updater.js'

const make: Readonly<Record<string, (definition: unknown) => unknown>> = {
  defineTransformation: defineTransformation as never,
  defineFisher: defineFisher as never,
  defineNoise: defineNoise as never,
  defineFormat: defineFormat as never,
}
const update = (): object => ({})

it.each([
  ['defineTransformation', { name: 'mine' }, 'mine: update: expected function, found undefined'],
  ['defineTransformation', { update }, 'defineTransformation: name: expected string, found undefined'],
  [
    'defineTransformation',
    { name: 'mine', update, slots: 'mv' },
    "mine: slots: expected object or undefined, found the text 'mv'",
  ],
  ['defineTransformation', { name: 'mine', update, slots: [1] }, 'mine: slots: expected names, found [1]'],
  [
    'defineTransformation',
    { name: 'mine', update, needs: {} },
    'mine: needs: expected a list of signals, found an object',
  ],
  [
    'defineTransformation',
    { name: 'mine', update, scalars: { rate: 1 } },
    'mine: scalars: expected function or undefined, found an object',
  ],
  [
    'defineTransformation',
    { name: 'mine', update, penalty: 1 },
    'mine: penalty: expected function or undefined, found 1',
  ],
  ['defineFisher', { name: 'mine' }, 'mine: diagonal: expected function, found undefined'],
  [
    'defineFisher',
    { name: 'mine', diagonal: update, present: 5 },
    'mine: present: expected function or undefined, found 5',
  ],
  ['defineFisher', undefined, 'defineFisher: name: expected string, found undefined'],
  ['defineNoise', undefined, 'defineNoise: name: expected string, found undefined'],
  ['defineNoise', { name: 'mine', claims: {} }, 'mine: variance: expected function, found undefined'],
  ['defineFormat', null, 'defineFormat: name: expected string, found undefined'],
  ['defineFormat', { name: 'mine' }, 'mine: grid: expected object, found undefined'],
] as const)('%s refuses %j', (maker, definition, message) => {
  expect(() => make[maker]!(definition)).toThrow(message)
})

it('refuses a penalty that reads what is not declared, before training', () => {
  const part = {
    name: 'mine',
    update: (x: UpdateLanes) => ({ update: x.update }),
    penalty: ({ updte }: Record<string, Lane>) => updte!,
  }
  const transformation = defineTransformation(part as never)
  expect(() => createUpdater({ transformation, shapes, executor })).toThrow(
    "mine: reads 'updte', has: w, update",
  )
})
