// The edge of a run: weights and gradients as they arrive. Comes in: trees of arrays and their shapes.
// Goes out: nothing, or an error that names the parameter. Arrays of an executor's own kind are its own to
// check.

import { leafOf, sizeOf, type GradientResult, type Shape, type Signal, type Tree } from '@lotion/core'

/**
 * Check that there is an array of weights for every shape.
 * @throws naming the parameter, what was expected and found, and what to do.
 */
export function checkParams<A>(params: Tree<A>, shapes: Tree<Shape>): void {
  for (const [name, shape] of Object.entries(shapes))
    checkArray(`params: '${name}'`, leafOf(params, name, 'params'), shape)
}

/**
 * Check that there is a gradient for every shape, needed signals that came, and no gradient of an unknown
 * parameter. Gradients of parameters that are left out of the shapes, and so stay as they are, may be there.
 * @throws naming the parameter, what was expected and found, and what to do.
 */
export function checkGradients<A>(
  { gradients, signals = {} }: GradientResult<A>,
  params: Tree<A>,
  { shapes, needs }: { readonly shapes: Tree<Shape>; readonly needs: readonly Signal[] },
): void {
  for (const [name, shape] of Object.entries(shapes)) {
    checkArray(`gradients: '${name}'`, leafOf(gradients, name, 'gradients'), shape)
    for (const { name: signal, per } of needs) {
      const found = signals[signal]?.[name]
      if (found !== undefined && per !== 'parameter') checkArray(`${signal}: '${name}'`, found, shape)
    }
  }
  const stray = Object.keys(gradients).find(
    (name) => !Object.hasOwn(shapes, name) && !Object.hasOwn(params, name),
  )
  if (stray === undefined) return
  throw new TypeError(
    `gradients: expected those of the parameters ${Object.keys(shapes).join(', ')}, found one of '${stray}', which is no parameter; ` +
      'give its weights and shape too, or correct the name in the gradient step',
  )
}

function checkArray(where: string, found: unknown, shape: Shape): void {
  const size = sizeOf(shape)
  const expected = `${where}: expected a Float32Array of ${size} values, shape [${shape.join(', ')}]`
  if (found instanceof Float32Array) {
    if (found.length === size) return
    throw new RangeError(`${expected}, found ${found.length} values; check the shape that it was made with`)
  }
  const kind = plainKind(found)
  if (kind === undefined) return
  throw new TypeError(
    `${expected}, found ${kind}; convert it with Float32Array.from, or make it by the executor`,
  )
}

/**
 * Name a value that is no executor's array: a number, an array of JavaScript, a typed array of another kind,
 * or an object of numbered entries, which is what JSON makes of a typed array. Undefined for other objects:
 * arrays of an executor's own may look like anything.
 */
export function plainKind(found: unknown): string | undefined {
  if (typeof found !== 'object' || found === null) return String(found)
  if (Array.isArray(found) || ArrayBuffer.isView(found)) {
    const kind = found.constructor.name
    return `${/^[aeiou]/i.test(kind) ? 'an' : 'a'} ${kind}`
  }
  const numbered = Object.keys(found).every((key) => /^\d+$/.test(key))
  return numbered && Object.getPrototypeOf(found) === Object.prototype ? 'a plain object' : undefined
}
