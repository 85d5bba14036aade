// How much memory this process may use, and how much it uses. Comes in: nothing. Goes out: bytes.
// Source: Node's process and os modules; a container's limit (cgroup, both versions) is less than what the
// machine has.

/** Memory of the process. Where nothing is known of it, as in browsers, it has no limit and uses nothing. */
export interface HostMemory {
  /** Bytes that the process may use: the container's limit, else the machine's memory. */
  limit(): number
  /** Bytes that it holds in memory now. */
  resident(): number
  /** Bytes of ordinary array buffers, including those that are no longer used. */
  buffers(): number
  /** Bytes of garbage in ordinary buffers that make the collector run at once, or at least begin. */
  collectAt(): number
}

/** The part of Node's process that is read; no imports, since bundles for browsers have no such modules. */
type Process = Partial<NodeJS.Process> & { readonly constrainedMemory?: () => number | undefined }

/** Memory of this process. */
export const hostMemory: HostMemory = Object.freeze({
  limit: () => {
    const { process } = globals()
    const machine = process?.getBuiltinModule?.('node:os').totalmem() ?? Infinity
    // 0 or none: no limit is known; without a limit some systems give a number beyond every machine's.
    return Math.min(machine, process?.constrainedMemory?.() || Infinity)
  },
  resident: () => globals().process?.memoryUsage?.rss() ?? 0,
  buffers: () => globals().process?.memoryUsage?.().arrayBuffers ?? 0,
  collectAt: () =>
    globals().process?.getBuiltinModule?.('node:v8').getHeapStatistics().heap_size_limit ?? 2 ** 27,
})

const globals = (): { readonly process?: Process } => globalThis

/** Say a number of bytes as people do: `2.5 GiB`. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10))
  const value = bytes / 1024 ** step
  return `${step === 0 ? value : value.toPrecision(value >= 1000 ? 4 : 3)} ${units[step]}`
}
