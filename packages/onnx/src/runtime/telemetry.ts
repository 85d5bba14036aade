// onnxruntime's telemetry, which its library starts by itself from version 1.29 on, switched off before the
// library loads. Comes in: the process's environment. Goes out: `ORT_DISABLE_TELEMETRY=1` there, unless the
// user has set that variable already.
// Source: onnxruntime, pull request 27379 (read once, when the library makes its first environment; the
// process keeps it).

import { isMainThread } from 'node:worker_threads'

/** Name the variable that onnxruntime's library reads. Whoever sets it, to any value, has chosen. */
export const TELEMETRY_VARIABLE = 'ORT_DISABLE_TELEMETRY'

/** The part of koffi that reaches the C library's environment. */
interface ForeignLibraries {
  load(path: null): {
    func(name: string, result: string, args: readonly string[]): (...args: readonly unknown[]) => unknown
  }
}

/**
 * Switch telemetry off for this process and the children it starts. `process.env` is the real environment in
 * the main thread only (and not where a test runner has replaced it), so the C library's own functions are
 * used where they can be.
 * @throws in a worker thread without koffi, if the variable is not set: a worker cannot change the process's
 * environment.
 */
export function switchTelemetryOff(koffi: ForeignLibraries | undefined): void {
  const chosen = process.env[TELEMETRY_VARIABLE]
  // On Windows events go to the system's own tracing, and what the variable is read from is the system's too.
  if (koffi !== undefined && process.platform !== 'win32') setForProcess(koffi, chosen ?? '1')
  else if (!isMainThread && chosen === undefined) {
    throw new Error(
      `onnxruntime sends telemetry unless ${TELEMETRY_VARIABLE} is set, and a worker thread without koffi cannot set it: ` +
        `start the process with ${TELEMETRY_VARIABLE}=1, or set process.env.${TELEMETRY_VARIABLE} = '1' in the main thread ` +
        'before the worker is made',
    )
  }
  process.env[TELEMETRY_VARIABLE] ??= '1'
}

function setForProcess(koffi: ForeignLibraries, value: string): void {
  const own = koffi.load(null)
  const keep = 0
  const failed = own.func('setenv', 'int', ['str', 'str', 'int'])(TELEMETRY_VARIABLE, value, keep)
  if (failed !== 0) throw new Error(`cannot set ${TELEMETRY_VARIABLE} in the environment of the process`)
}
