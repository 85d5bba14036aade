// Edge of every engine: host arrays as they arrive from a training loop.
// In: parameter trees and batches. Out: nothing, or an error that names the array, what was expected and what was found.

import { sizeOf, type Batch, type HostArray, type Shape, type Tree } from '@lotion/core'

/**
 * Check that every declared parameter is a Float32Array with as many elements as its shape.
 * @throws naming the first parameter that is missing, of another type, or of another size.
 */
export function checkParameters(shapes: Tree<Shape>, params: Tree<Float32Array>): void {
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

/**
 * Check that every batch array holds Int32Array or Float32Array data that fills its shape.
 * @throws naming the first batch array that does not.
 */
export function checkBatch(batch: Batch): void {
  for (const [name, array] of Object.entries(batch)) checkHostArray(name, array)
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
