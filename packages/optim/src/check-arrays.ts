// The edge of a run: weights and gradients as they arrive. Comes in: trees of arrays and their shapes. Goes out: nothing, or an error that
// names the parameter. Arrays of an executor's own kind are its own to check.

import { leafOf, sizeOf, type GradientResult, type Shape, type Tree } from '@lotion/core'

/**
 * Check that there is an array of weights for every shape.
 * @throws naming the parameter, what was expected and found, and what to do.
 */
export function checkParams<A>(params: Tree<A>, shapes: Tree<Shape>): void {
  for (const [name, shape] of Object.entries(shapes))
    checkArray(`params: '${name}'`, leafOf(params, name, 'params'), shape)
}

/**
 * Check that there is a gradient for every shape, and none of a parameter that nobody has. Those of parameters that are left out of the
 * shapes, and so stay as they are, may be there.
 * @throws naming the parameter, what was expected and found, and what to do.
 */
export function checkGradients<A>(
  { gradients, curvature }: GradientResult<A>,
  params: Tree<A>,
  shapes: Tree<Shape>,
): void {
  for (const [name, shape] of Object.entries(shapes)) {
    checkArray(`gradients: '${name}'`, leafOf(gradients, name, 'gradients'), shape)
    const diagonal = curvature?.[name]
    if (diagonal !== undefined) checkArray(`curvature: '${name}'`, diagonal, shape)
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
  const plain =
    typeof found !== 'object' || found === null || Object.getPrototypeOf(found) === Object.prototype
  if (!plain && !Array.isArray(found) && !ArrayBuffer.isView(found)) return
  const kind = !plain
    ? `${/^[aeiou]/i.test(found.constructor.name) ? 'an' : 'a'} ${found.constructor.name}`
    : typeof found === 'object' && found !== null
      ? 'a plain object'
      : String(found)
  throw new TypeError(
    `${expected}, found ${kind}; convert it with Float32Array.from, or make it by the executor`,
  )
}
