// What a worker thread leaves when it ends, or is terminated in the middle, without closing it: freed by the
// system. Comes in: a C function and its argument. Goes out: a call of it when this thread has ended, unless
// it is taken back before.
// Source: POSIX, pthread_key_create: a key's destructor is called with the thread's value as the thread ends.

import { isMainThread } from 'node:worker_threads'
import type { Koffi } from './load-koffi.js'

/** Have `release(pointer)` called at the end of this thread; returns what takes that back. */
export type AtThreadEnd = (release: bigint, pointer: bigint) => () => void

const nothing = (): void => {}

/**
 * Make it for functions of the library at `path`, which then stays loaded as long as the process. The main
 * thread ends with the process, and Windows has no such keys: there nothing is called.
 */
export function threadEnd(koffi: Koffi, path: string): AtThreadEnd {
  if (isMainThread || process.platform === 'win32') return () => nothing
  const system = koffi.load(null)
  const create = system.func('pthread_key_create', 'int', ['void *', 'void *'])
  const set = system.func('pthread_setspecific', 'int', ['size_t', 'void *'])
  const remove = system.func('pthread_key_delete', 'int', ['size_t'])
  stayLoaded(system, path)
  return (release, pointer) => {
    // pthread_key_t has 4 bytes on Linux and 8 on macOS, both little-endian.
    const key = new BigUint64Array(1)
    // A process has some hundred keys: without one, the pointer is freed by close() and the garbage collector
    // alone.
    if (create(key, release) !== 0) return nothing
    set(key[0], pointer)
    return () => {
      remove(key[0])
    }
  }
}

/** koffi closes its handle with the thread; the destructor comes after that. */
function stayLoaded(system: ReturnType<Koffi['load']>, path: string): void {
  const now = 2
  const noDelete = process.platform === 'darwin' ? 0x80 : 0x1000
  system.func('dlopen', 'void *', ['str', 'int'])(path, now | noDelete)
}
