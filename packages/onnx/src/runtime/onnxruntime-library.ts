// Native binding, part 1: the C API inside onnxruntime-node's shared library, as JavaScript functions.
// Comes in: the installed onnxruntime-node package. Goes out: bound functions. Source: onnxruntime_c_api.h
// (OrtApi is a table of function pointers that only ever grows at its end, so an index means the same
// function in every later version).

import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { checkLibraryFile } from './library-file.js'
import { loadKoffi, type Koffi } from './load-koffi.js'
import { switchTelemetryOff } from './telemetry.js'
import { threadEnd, type AtThreadEnd } from './thread-end.js'

/**
 * Hold the C functions that the native binding uses. Pointers are bigints; functions that can fail return a
 * status pointer.
 */
export interface OnnxRuntimeApi {
  readonly version: string
  /** Call a function that returns OrtStatus*; throws its message. */
  call(name: StatusFunction, ...args: readonly unknown[]): void
  /** Call a function that creates an object through its last parameter. */
  create(name: StatusFunction, ...args: readonly unknown[]): bigint
  /** Run on a worker thread; the event loop stays free. */
  callAsync(name: StatusFunction, ...args: readonly unknown[]): Promise<void>
  release(name: ReleaseFunction, pointer: bigint): void
  /** Have an object released when this thread ends, unless what is returned is called before. */
  releaseAtThreadEnd(name: ReleaseFunction, pointer: bigint): () => void
  /** Where a typed array's elements lie. */
  address(array: NodeJS.TypedArray): bigint
}

type StatusFunction = keyof typeof statusFunctions
type ReleaseFunction = keyof typeof releaseFunctions

// Name → [index in OrtApi, parameter types].
const statusFunctions = {
  CreateEnv: [3, ['int', 'str', 'void *']],
  CreateSessionFromArray: [8, ['void *', 'void *', 'size_t', 'void *', 'void *']],
  Run: [9, ['void *', 'void *', 'void *', 'void *', 'size_t', 'void *', 'size_t', 'void *']],
  CreateSessionOptions: [10, ['void *']],
  DisableMemPattern: [17, ['void *']],
  SetSessionLogSeverityLevel: [22, ['void *', 'int']],
  SetSessionGraphOptimizationLevel: [23, ['void *', 'int']],
  SetIntraOpNumThreads: [24, ['void *', 'int']],
  CreateRunOptions: [39, ['void *']],
  RunOptionsSetTerminate: [46, ['void *']],
  CreateTensorWithDataAsOrtValue: [49, ['void *', 'void *', 'size_t', 'void *', 'size_t', 'int', 'void *']],
  CreateCpuMemoryInfo: [69, ['int', 'int', 'void *']],
  AddSessionConfigEntry: [130, ['void *', 'str', 'str']],
} as const

const releaseFunctions = {
  ReleaseEnv: 92,
  ReleaseStatus: 93,
  ReleaseMemoryInfo: 94,
  ReleaseSession: 95,
  ReleaseValue: 96,
  ReleaseRunOptions: 97,
  ReleaseSessionOptions: 100,
} as const

const GET_ERROR_MESSAGE_INDEX = 2

// Any version at least this old has every function above.
const API_VERSION = 17

// koffi's worker threads start with 128 KiB of stack; onnxruntime's kernels need more.
const ASYNC_STACK_BYTES = 4 << 20

// koffi unloads a library whose handle is collected, and functions decoded from pointers do not keep it:
// pinned for the life of the thread, once per path.
const pinned = new Map<string, { readonly library: Library; readonly api: OnnxRuntimeApi }>()

type Library = ReturnType<Koffi['load']>

/**
 * Load onnxruntime's shared library, its telemetry switched off, and bind its C API.
 * @throws if onnxruntime-node or koffi is not installed, has no library for this platform or a damaged one,
 * or cannot be loaded.
 */
export async function loadOnnxRuntime(path = libraryPath()): Promise<OnnxRuntimeApi> {
  const loaded = pinned.get(path)
  if (loaded !== undefined) return loaded.api
  checkLibraryFile(path)
  const koffi = await loadKoffi()
  const { async_stack_size: stack = 0, ...config } = koffi.config()
  if (stack < ASYNC_STACK_BYTES) koffi.config({ ...config, async_stack_size: ASYNC_STACK_BYTES })
  switchTelemetryOff(koffi)
  const library = koffi.load(path)
  const api = bindApi(koffi, library, threadEnd(koffi, path))
  pinned.set(path, { library, api })
  return api
}

function libraryPath(): string {
  const file = libraryFiles().find((name) => /^(lib)?onnxruntime\.(so|dll|.*dylib)/.test(basename(name)))
  if (file === undefined) throw noLibrary()
  return file
}

/** Name what is missing where onnxruntime-node is installed without what this platform needs. */
export const noLibrary = (): Error =>
  new Error(
    `onnxruntime-node has no library for ${process.platform} ${process.arch}; use a supported platform, or eagerEngine of @lotion/tfjs`,
  )

/**
 * List the libraries of the installed onnxruntime-node for this platform, its binding included.
 * @throws if onnxruntime-node is not installed.
 */
export function libraryFiles(): readonly string[] {
  const require = createRequire(import.meta.url)
  const root = join(dirname(require.resolve('onnxruntime-node/package.json')), 'bin')
  return filesIn(root).flatMap((abi) => {
    const folder = join(root, abi, process.platform, process.arch)
    return filesIn(folder)
      .filter((name) => /\.(node|dll|so|dylib)(\.|$)/.test(name))
      .map((name) => join(folder, name))
  })
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

type Foreign = ReturnType<Library['func']>

function bindApi(koffi: Koffi, library: Library, atThreadEnd: AtThreadEnd): OnnxRuntimeApi {
  const pointerBytes = koffi.sizeof('void *')
  const member = (table: bigint, index: number, result: string, args: readonly string[]): Foreign =>
    koffi.decode(koffi.decode(table, index * pointerBytes, 'void *'), koffi.proto(result, [...args]))
  const base: bigint = library.func('OrtGetApiBase', 'void *', [])()
  const version: string = member(base, 1, 'str', [])()
  const table: bigint | null = member(base, 0, 'void *', ['uint32_t'])(API_VERSION)
  if (!table)
    throw new Error(`onnxruntime ${version} lacks C API ${API_VERSION}; install onnxruntime-node ≥ 1.30`)

  const functions = new Map<string, Foreign>()
  for (const [name, [index, args]] of Object.entries(statusFunctions))
    functions.set(name, member(table, index, 'void *', args))
  for (const [name, index] of Object.entries(releaseFunctions))
    functions.set(name, member(table, index, 'void', ['void *']))
  functions.set('GetErrorMessage', member(table, GET_ERROR_MESSAGE_INDEX, 'str', ['void *']))
  const bound = (name: string): Foreign => {
    const found = functions.get(name)
    if (found === undefined) throw new Error(`onnxruntime function '${name}' is not bound`)
    return found
  }
  const check = (name: string, status: bigint | null): void => {
    if (!status) return
    const message: string = bound('GetErrorMessage')(status)
    bound('ReleaseStatus')(status)
    throw new Error(`onnxruntime ${version}, ${name}: ${message}`)
  }
  const call: OnnxRuntimeApi['call'] = (name, ...args) => check(name, bound(name)(...args))
  return Object.freeze({
    version,
    call,
    create(name: StatusFunction, ...args: readonly unknown[]): bigint {
      const created = new BigUint64Array(1)
      call(name, ...args, created)
      return created[0] ?? 0n
    },
    callAsync: (name: StatusFunction, ...args: readonly unknown[]): Promise<void> =>
      new Promise((resolve, reject) => {
        bound(name).async(...args, (error: unknown, status: bigint | null) => {
          try {
            if (error) throw error
            check(name, status)
            resolve()
          } catch (failure) {
            reject(failure instanceof Error ? failure : new Error(String(failure)))
          }
        })
      }),
    release: (name: ReleaseFunction, pointer: bigint): void => {
      bound(name)(pointer)
    },
    releaseAtThreadEnd: (name: ReleaseFunction, pointer: bigint) =>
      atThreadEnd(koffi.decode(table, releaseFunctions[name] * pointerBytes, 'void *'), pointer),
    address: (array: NodeJS.TypedArray) => {
      // Small typed arrays live in the movable heap until their buffer is asked for.
      void array.buffer
      return koffi.address(array)
    },
  })
}
