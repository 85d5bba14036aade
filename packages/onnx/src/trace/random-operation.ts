// Detector of randomness inside a trace: tfjs draws random numbers in JavaScript and hands them over as plain
// constants. Comes in: tfjs's stack of operation scopes. Goes out: the name of the outermost random operation
// under way, if any.

import * as tf from '@tensorflow/tfjs-core'

const randomOperations: ReadonlySet<string> = new Set([
  'dropout',
  'rand',
  'randomGamma',
  'randomNormal',
  'randomStandardNormal',
  'randomUniform',
  'randomUniformInt',
  'truncatedNormal',
])

/** Name the random tfjs operation that is running, or undefined. */
export function randomOperation(): string | undefined {
  // tfjs opens a scope named '<operation>__op' around each operation; the public typings hide the stack.
  const state: { readonly scopeStack?: readonly { readonly name: string }[] } = tf.engine().state
  return state.scopeStack
    ?.map(({ name }) => name.replace(/__op$/, ''))
    .find((name) => randomOperations.has(name))
}
