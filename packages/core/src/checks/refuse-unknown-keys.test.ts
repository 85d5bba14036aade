import { describe, expect, it } from 'vitest'
import { refuseUnknownKeys } from './refuse-unknown-keys.js'

interface Options {
  readonly kvHeads?: number
  readonly ropeBase?: number
}
const known = { kvHeads: true, ropeBase: true } as const
const check = (options: object): void => refuseUnknownKeys<Options>('model', options, known)

describe('refuseUnknownKeys', () => {
  it('lets known keys and absent ones pass', () => {
    check({})
    check({ kvHeads: 2, ropeBase: undefined })
  })

  it.each([
    ['kvheads', "model: unknown option 'kvheads', did you mean 'kvHeads'?; options: kvHeads, ropeBase"],
    ['rope_base', "model: unknown option 'rope_base', did you mean 'ropeBase'?"],
    ['attentionBias', "model: unknown option 'attentionBias'; options: kvHeads, ropeBase"],
    // Not a name of its own, though every object answers to it.
    ['constructor', "model: unknown option 'constructor'; options"],
  ])('refuses %s by name', (key, message) => {
    expect(() => check({ kvHeads: 2, [key]: 1 })).toThrow(message)
    expect(() => check({ [key]: undefined })).toThrow(message)
  })
})
