// Arrays that live on the device: handles to counted storage. Comes in: storage of gpu.js. Goes out: opaque
// arrays.
// Source: docs/design/08-gpu.md.

/** An array of the executor: its values are on the device until `read` asks for them. @experimental */
export interface GpuArray {
  /** Number of values. */
  readonly length: number
}

/** What gpu.js keeps values in: a buffer on the device, or a typed array where there is none. */
export interface DeviceBuffer {
  readonly values: unknown
  /** Give up one use; the last one frees the memory. */
  release(): void
  /** Another use of the same memory. */
  share(): DeviceBuffer
}

/** Where an array's values are: value i at `stride` · i + `offset`. Filled once its kernel has been sent. */
export interface Cell {
  buffer?: DeviceBuffer
  stride: number
  offset: number
  /** Why there are no values. */
  error?: unknown
  uses: number
}

/** Make a cell in one use. */
export function openCell(): Cell {
  return { stride: 1, offset: 0, uses: 1 }
}

/** Count one more use. */
export function keep(cell: Cell): Cell {
  cell.uses++
  return cell
}

/** Give up a use; the last one frees the memory. */
export function drop(cell: Cell): void {
  if (--cell.uses > 0) return
  cell.buffer?.release()
  delete cell.buffer
}

/** Put values into a cell; if nothing uses the cell any more, they are freed at once. */
export function fill(cell: Cell, buffer: DeviceBuffer, stride = 1, offset = 0): void {
  if (cell.uses <= 0) {
    buffer.release()
    return
  }
  Object.assign(cell, { buffer, stride, offset })
}

/** The arrays of one executor: which cell each stands for. */
export interface ArrayTable {
  make(length: number, cell: Cell): GpuArray
  /** @throws if the array is of another executor, or was freed. */
  cellOf(array: GpuArray, what: string): Cell
  /** Let an array stand for another cell. */
  rebind(array: GpuArray, cell: Cell): void
  free(array: GpuArray): void
  /** Free all arrays. */
  end(): void
}

/** Make a table. Arrays that are collected as garbage give up their cells. */
export function arrayTable(): ArrayTable {
  const holders = new WeakMap<GpuArray, { cell: Cell | undefined }>()
  const inUse = new Set<{ cell: Cell | undefined }>()
  const giveUp = (holder: { cell: Cell | undefined }): void => {
    inUse.delete(holder)
    if (holder.cell) drop(holder.cell)
    holder.cell = undefined
  }
  const collected = new FinalizationRegistry(giveUp)
  const holderOf = (array: GpuArray, what: string): { cell: Cell } => {
    const holder = holders.get(array)
    if (!holder)
      throw new TypeError(
        `${what}: expected an array of this executor (upload makes one), found another object`,
      )
    if (!holder.cell) throw new TypeError(`${what}: expected an array in use, found one that was freed`)
    return holder as { cell: Cell }
  }
  return Object.freeze({
    make: (length, cell) => {
      const array: GpuArray = Object.freeze({ length })
      const holder = { cell }
      holders.set(array, holder)
      inUse.add(holder)
      collected.register(array, holder)
      return array
    },
    cellOf: (array, what) => holderOf(array, what).cell,
    rebind: (array, cell) => {
      const holder = holderOf(array, 'into')
      drop(holder.cell)
      holder.cell = cell
    },
    free: (array) => giveUp(holderOf(array, 'array')),
    end: () => inUse.forEach(giveUp),
  } satisfies ArrayTable)
}
