// Kernels over arrays outside their memory: windows of weights are copied in, worked on and copied out, so
// that memory stays bounded. Comes in: a kernel, its record, arrays. Goes out: results in the arrays.
// Source: docs/design/07-cpu.md.

import type { Kernel } from './kernel-cache.js'
import { STRIP, recordWord } from '../emit/kernel-record.js'
import { firstBlock, firstWeight, type Geometry } from './lane-geometry.js'
import type { LaneMemory } from '../threads/lane-memory.js'

/** An array of a kernel: where its address goes in the record, and how it is used. */
export interface ArrayPlace {
  readonly array: Float32Array
  readonly word: number
  readonly read: boolean
  readonly per: 'weight' | 'block'
}

/** Runs kernels through copies. */
export interface StagedRuns {
  run(
    kernel: Kernel,
    record: number,
    geometry: Geometry,
    units: readonly [first: number, end: number],
    places: readonly ArrayPlace[],
  ): void
}

/** Floats of all windows together: half of a second cache. */
const WINDOW = 131072

/** Kernels read and write whole vectors. */
const MARGIN = 16

/** Copies of one array's window. */
interface Slot {
  readonly array: Float32Array
  readonly places: readonly ArrayPlace[]
  readonly read: boolean
  readonly written: boolean
  /** One value a weight; else one a block. */
  readonly perWeight: boolean
}

/** Make the windows over a memory. */
export function stagedRuns(memory: LaneMemory, scratch: number): StagedRuns {
  let stage = { address: 0, floats: 0 }
  const stageOf = (floats: number): number => {
    if (floats > stage.floats) {
      const wanted = Math.max(WINDOW, 2 * floats)
      const address = memory.reserve(4 * wanted)
      if (address === undefined)
        throw new RangeError(`staging: expected ${4 * wanted} free bytes in the memory of 4 GiB, found fewer`)
      stage = { address, floats: wanted }
    }
    return stage.address
  }

  const along: StagedRuns['run'] = (kernel, record, geometry, [first, end], places) => {
    const slots = slotsOf(places.filter(({ array }) => memory.addressOf(array) === undefined))
    const perUnit = slots.reduce((sum, { perWeight }) => sum + (perWeight ? geometry.weightsPerUnit : 1), 0)
    const step = Math.max(1, Math.floor((WINDOW - MARGIN * slots.length) / Math.max(1, perUnit)))
    const base = stageOf(step * perUnit + 2 * MARGIN * slots.length)
    const { f32, i32 } = memory.views()
    for (const { array, word, per } of places) {
      const address = memory.addressOf(array)
      if (address !== undefined) i32[record / 4 + word] = address + (per === 'weight' ? 4 * geometry.from : 0)
    }
    for (let unit = first; unit < end; unit += step) {
      const next = Math.min(unit + step, end)
      const weights = [firstWeight(geometry, unit), firstWeight(geometry, next)] as const
      const blocks = [firstBlock(geometry, unit), firstBlock(geometry, next)] as const
      let at = base
      const windows = slots.map((slot) => {
        const [from, to] = slot.perWeight ? weights : blocks
        const window = { slot, from, to, float: at / 4 }
        for (const { word, per } of slot.places) {
          i32[record / 4 + word] = at - 4 * (per === 'weight' ? weights[0] - geometry.from : blocks[0])
        }
        at += 4 * (Math.ceil((to - from) / MARGIN) * MARGIN + MARGIN)
        return window
      })
      for (const { slot, from, to, float } of windows)
        if (slot.read) f32.set(slot.array.subarray(from, to), float)
      kernel.run(record, unit, next, scratch)
      for (const { slot, from, to, float } of windows) {
        if (slot.written) slot.array.set(f32.subarray(float, float + to - from), from)
      }
    }
  }

  /** Windows of lanes: their rows are packed, so that all arrays of the call are copied. */
  const across: StagedRuns['run'] = (kernel, record, geometry, [first, end], places) => {
    const { length, size, perLine, inner, strips } = geometry
    const slots = slotsOf(places)
    const { i32: words } = memory.views()
    const partials = words[record / 4 + recordWord.partials]!
    for (let unit = first; unit < end;) {
      const [slab, strip] = [Math.floor(unit / strips), unit % strips]
      const start = (slab % perLine) * size
      const rows = Math.min(size, length - start)
      const fits = Math.floor(WINDOW / (slots.length * rows * STRIP))
      const used = Math.max(1, Math.min(fits, strips - strip, end - unit))
      const lanes = Math.min(used * STRIP, inner - strip * STRIP)
      const base = stageOf(slots.length * (rows * lanes + 2 * MARGIN))
      const { f32, i32 } = memory.views()
      const weight = (Math.floor(slab / perLine) * length + start) * inner + strip * STRIP
      const block = firstBlock(geometry, unit)
      const at = record / 4
      i32.set([rows, rows, 1, lanes, Math.ceil(lanes / STRIP), partials + 8 * block], at)
      slots.forEach((slot, n) => {
        const address = base + 4 * n * Math.ceil((rows * lanes + MARGIN) / MARGIN) * MARGIN
        for (const { word } of slot.places) i32[at + word] = address
        if (slot.read)
          eachRow(rows, lanes, inner, (from, to, count) =>
            f32.set(slot.array.subarray(weight + from, weight + from + count), address / 4 + to),
          )
      })
      kernel.run(record, 0, Math.ceil(lanes / STRIP), scratch)
      for (const {
        array,
        written,
        perWeight,
        places: [place],
      } of slots) {
        if (!written || !place) continue
        const float = (i32[at + place.word]! >>> 0) / 4
        if (!perWeight) array.set(f32.subarray(float, float + lanes), block)
        else
          eachRow(rows, lanes, inner, (to, from, count) =>
            array.set(f32.subarray(float + from, float + from + count), weight + to),
          )
      }
      unit += used
    }
  }

  return Object.freeze({
    run: (kernel, record, geometry, units, places) => {
      const run = geometry.blocks === 'along' ? along : across
      run(kernel, record, geometry, units, places)
    },
  } satisfies StagedRuns)
}

/** Rows of a window: position in the array, position in the window, length. Rows without gaps are one. */
function eachRow(
  rows: number,
  lanes: number,
  inner: number,
  body: (outside: number, inside: number, count: number) => void,
): void {
  if (lanes === inner) return body(0, 0, rows * lanes)
  for (let row = 0; row < rows; row++) body(row * inner, row * lanes, lanes)
}

/** Group the uses of an array: an output that overwrites an input shares its window. */
function slotsOf(places: readonly ArrayPlace[]): readonly Slot[] {
  const groups: ArrayPlace[][] = []
  for (const place of places) {
    const group = groups.find(([other]) => other && isSame(other.array, place.array))
    if (group) group.push(place)
    else groups.push([place])
  }
  return groups.map((group) => ({
    array: group[0]!.array,
    places: group,
    read: group.some(({ read }) => read),
    written: group.some(({ read }) => !read),
    perWeight: group.some(({ per }) => per === 'weight'),
  }))
}

function isSame(a: Float32Array, b: Float32Array): boolean {
  return a === b || (a.buffer === b.buffer && a.byteOffset === b.byteOffset && a.length === b.length)
}
