// Arrays whose memory native code may use while JavaScript runs on. A buffer of the caller's can be resized
// or transferred at any time, which frees or moves its bytes; shared memory cannot, nor can buffers that
// nobody else has. Comes in: a caller's array. Goes out: that array, or a copy to work on.

import { sizeOf } from '@lotion/core'
import type { Port } from '../trace/trace-program.js'
import type { PortArray } from './runtime.js'

/** Arrays that only a binding and its steps know. */
export interface OwnArrays {
  /** Make the zeroed array of a port. */
  make(port: Port): PortArray
  has(array: PortArray): boolean
}

/** Arrays of the ports of one session, in places that nothing outside can take away. */
export interface StagedArrays {
  /**
   * Find each input's place, and copy it there if it is another.
   * @throws RangeError if an array has not the port's size.
   */
  inputs(arrays: readonly PortArray[]): readonly PortArray[]
  /** Find the place of each output. @throws RangeError if an array has not the port's size. */
  outputs(arrays: readonly PortArray[]): readonly PortArray[]
  /** Copy outputs from their places. @throws RangeError if an array has no longer the port's size. */
  deliver(arrays: readonly PortArray[]): void
}

/** Make an empty set of own arrays. */
export function ownArrays(): OwnArrays {
  const known = new WeakSet<PortArray>()
  return {
    make(port) {
      const length = sizeOf(port.shape)
      const array = port.dtype === 'int32' ? new Int32Array(length) : new Float32Array(length)
      known.add(array)
      return array
    },
    has: (array) => known.has(array),
  }
}

/** Make the places of ports; `inPlace` says which arrays are places themselves. */
export function stagedArrays(
  ports: readonly Port[],
  own: OwnArrays,
  inPlace: (array: PortArray) => boolean,
): StagedArrays {
  const staging: (PortArray | undefined)[] = []
  const placesOf = (kind: string, arrays: readonly PortArray[]): readonly PortArray[] =>
    ports.map((port, i) => {
      const array = checked(kind, port, arrays[i])
      return inPlace(array) ? array : (staging[i] ??= own.make(port))
    })
  return {
    inputs(arrays) {
      const places = placesOf('input', arrays)
      places.forEach((place, i) => place !== arrays[i] && place.set(arrays[i] ?? []))
      return places
    },
    outputs: (arrays) => placesOf('output', arrays),
    deliver(arrays) {
      ports.forEach((port, i) => {
        const array = checked('output', port, arrays[i])
        const place = staging[i]
        if (place !== undefined && !inPlace(array)) array.set(place)
      })
    },
  }
}

function checked(kind: string, port: Port, array: PortArray | undefined): PortArray {
  const size = sizeOf(port.shape)
  if (array?.length === size) return array
  throw new RangeError(
    `${kind} '${port.key}': expected ${size} elements, found ${array?.length ?? 'no array'}; was its buffer resized or transferred?`,
  )
}
