// Edge of every engine: host arrays as they arrive from a training loop. Comes in: parameter trees and
// batches. Goes out: nothing, or an error that names the array, what was expected and what was found.

import { sizeOf } from '../blocks.js'
import type { Batch, HostArray, IdRange, Program, Shape, Tree } from '../contracts.js'
import { checkIds } from './check-ids.js'

/**
 * Check the arguments of a function: every declared parameter a Float32Array of its shape's size, every batch
 * array an Int32Array or Float32Array that fills its shape, every id in the range that is declared.
 * @param shapes Extents of every declared parameter.
 * @param params What was given, one value a weight.
 * @param batch What was given, on the host.
 * @param ids Ranges by the name of their array. Default: none.
 * @throws naming the first array that is missing, of another type, or of another size, or holds another id.
 * @experimental
 */
export function checkForwardCall(
  shapes: Tree<Shape>,
  params: Tree<Float32Array>,
  batch: Batch,
  ids: Tree<IdRange> = {},
): void {
  checkParameters(shapes, params)
  for (const [name, array] of Object.entries(batch)) checkHostArray(name, array)
  checkIds(batch, ids)
}

/**
 * Check the arguments of a gradient step: those of a function, no batch array empty, every id in the range
 * that the program declares.
 * @param program Its shapes and its ranges of ids are what is checked against.
 * @param params What was given, one value a weight.
 * @param batch What was given, on the host.
 * @throws naming the first array that breaks one of these.
 * @experimental
 */
export function checkGradientCall(
  { shapes, ids = {} }: Program<unknown>,
  params: Tree<Float32Array>,
  batch: Batch,
): void {
  checkForwardCall(shapes, params, batch)
  refuseEmpty(batch)
  checkIds(batch, ids)
}

/**
 * Find the parameters whose gradients are wanted, in the program's order.
 * @param program Its shapes name its parameters.
 * @param of Names. Default: all.
 * @throws TypeError naming the first that is no parameter.
 * @experimental
 */
export function wantedGradients(
  { name, shapes }: Program<unknown>,
  of: readonly string[] = Object.keys(shapes),
): Tree<Shape> {
  const stray = of.find((parameter) => !Object.hasOwn(shapes, parameter))
  if (stray !== undefined)
    throw new TypeError(
      `program '${name}': expected gradients of its parameters, ${Object.keys(shapes).join(', ')}, found '${stray}'; correct the name`,
    )
  return Object.fromEntries(Object.entries(shapes).filter(([parameter]) => of.includes(parameter)))
}

function checkParameters(shapes: Tree<Shape>, params: Tree<Float32Array>): void {
  for (const [name, shape] of Object.entries(shapes)) {
    const array: unknown = params[name]
    const expected = `expected a Float32Array of ${sizeOf(shape)} elements, shape [${shape.join(', ')}]`
    if (array === undefined) {
      throw new Error(`parameter '${name}': ${expected}, found none; pass every parameter of the program`)
    }
    if (!(array instanceof Float32Array)) {
      throw new TypeError(
        `parameter '${name}': ${expected}, found ${kindOf(array)}; convert it with Float32Array.from`,
      )
    }
    if (array.length !== sizeOf(shape)) {
      throw new RangeError(
        `parameter '${name}': ${expected}, found ${array.length} elements; check the shape it was allocated with`,
      )
    }
  }
}

/** A mean over nothing is no loss. */
function refuseEmpty(batch: Batch): void {
  for (const [name, { data, shape }] of Object.entries(batch)) {
    if (data.length > 0) continue
    throw new RangeError(
      `batch '${name}': expected at least one value, found shape [${shape.join(', ')}]; leave the step out`,
    )
  }
}

function checkHostArray(name: string, { data, shape }: HostArray): void {
  const found: unknown = data
  if (!(found instanceof Int32Array) && !(found instanceof Float32Array)) {
    throw new TypeError(
      `batch '${name}': expected an Int32Array (ids) or a Float32Array, found ${kindOf(found)}; convert it first`,
    )
  }
  if (!shape.every((extent) => Number.isInteger(extent) && extent >= 0)) {
    throw new RangeError(`batch '${name}': expected a shape of whole extents, found [${shape.join(', ')}]`)
  }
  if (found.length !== sizeOf(shape)) {
    throw new RangeError(
      `batch '${name}': expected ${sizeOf(shape)} elements for shape [${shape.join(', ')}], found ${found.length}`,
    )
  }
}

const kindOf = (value: unknown): string =>
  typeof value === 'object' && value !== null ? value.constructor.name : String(value)
