// A child process that answers one JSON line for each JSON line it is sent. Comes in: a program. Goes out:
// requests.
// Source: docs/design/12-speed-tests.md. Between requests the child waits for input and uses no processor.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A running child. */
export interface LineProcess {
  /**
   * Send a request and wait for its answer; one at a time.
   * @throws Error with the child's message, or with the end of its standard error if it is gone.
   */
  request(message: unknown): Promise<unknown>
  /** Close the child's input and wait until it has ended. May be called again. */
  close(): Promise<void>
}

export interface LineProcessOptions {
  /** Named in errors. */
  readonly name: string
  readonly command: string
  readonly arguments: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  /** Aborting it kills the child. */
  readonly signal?: AbortSignal
}

/** Longest tail of standard error that an error quotes, in characters. */
const TAIL_LENGTH = 2000

/** Start a child. A command that cannot be started fails the first request. */
export function lineProcess({
  name,
  command,
  arguments: args,
  env = process.env,
  signal,
}: LineProcessOptions): LineProcess {
  const child = spawn(command, [...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  })
  let waiting: { resolve(answer: unknown): void; reject(error: Error): void } | undefined
  let failure: Error | undefined
  let complaint = ''

  const settle = (): typeof waiting => {
    const current = waiting
    waiting = undefined
    return current
  }
  const fail = (error: Error): void => {
    failure ??= error
    settle()?.reject(failure)
  }
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, killedBy) => {
      fail(
        new Error(
          `${name} ended (${killedBy ?? `status ${code}`})${complaint.trim() ? `: ${complaint.trim()}` : ''}`,
        ),
      )
      resolve()
    })
  })
  child.once('error', (error) => fail(new Error(`${name}: ${error.message}`, { cause: error })))
  // A child that dies breaks the pipe; its 'close' tells why.
  child.stdin.on('error', () => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-TAIL_LENGTH)
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    const asked = settle()
    if (asked === undefined)
      return fail(new Error(`${name}: expected silence between requests, found '${line}'`))
    try {
      const answer: unknown = JSON.parse(line)
      if (isFailure(answer)) asked.reject(new Error(`${name}: ${String(answer.error)}`))
      else asked.resolve(answer)
    } catch (error) {
      asked.reject(new Error(`${name}: expected a line of JSON, found '${line}'`, { cause: error }))
    }
  })

  return Object.freeze({
    request(message: unknown): Promise<unknown> {
      if (failure !== undefined) return Promise.reject(failure)
      if (waiting !== undefined)
        return Promise.reject(new Error(`${name}: a request is under way; wait for its answer`))
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject }
        child.stdin.write(`${JSON.stringify(message)}\n`)
      })
    },
    close(): Promise<void> {
      child.stdin.end()
      return ended
    },
  })
}

const isFailure = (answer: unknown): answer is { readonly error: unknown } =>
  typeof answer === 'object' && answer !== null && 'error' in answer
