// llama.cpp in this process, by the package node-llama-cpp, where it is installed. Comes in: nothing. Goes
// out: what is used of the package. Nothing is built or fetched: its binaries are in npm.
// Source: npm node-llama-cpp 3.22.

/** A token that is read, and what is asked about the one that follows. */
export type Asked = number | readonly [token: number, options: { readonly generateNext: Wanted }]

interface Wanted {
  /** All of them, or those of some tokens and of the one that is chosen. */
  readonly logits?:
    | boolean
    | { readonly filter: { readonly tokens: readonly number[]; readonly includeSelected: true } }
  readonly totalLogitWeight?: boolean
  /** At 0 the likeliest token is chosen. */
  readonly options?: { readonly temperature: 0 }
}

/** What is told of the token that follows. */
export interface Told {
  readonly next: {
    /** By token, the largest first. */
    readonly logits?: ReadonlyMap<number, number>
    /** Σ exp(logit − largest logit). */
    readonly totalLogitWeight?: number
  }
}

/** A text under way. */
export interface Sequence {
  controlledEvaluate(tokens: readonly Asked[]): Promise<readonly (Told | undefined)[]>
  clearHistory(): Promise<void>
  eraseContextTokenRanges(ranges: readonly { readonly start: number; readonly end: number }[]): Promise<void>
}

interface Disposable {
  dispose(): Promise<void>
}

/** A context of a model. */
export interface Context extends Disposable {
  getSequence(): Sequence
}

/** A model that is loaded. */
export interface Model extends Disposable {
  createContext(options: Readonly<Record<string, unknown>>): Promise<Context>
  tokenize(text: string, specialTokens?: boolean): readonly number[]
}

/** The library, loaded. */
export interface Llama extends Disposable {
  loadModel(options: Readonly<Record<string, unknown>>): Promise<Model>
  readonly llamaCppRelease: { readonly release: string }
}

interface NodeLlamaCpp {
  getLlama(options: Readonly<Record<string, unknown>>): Promise<Llama>
}

const NAME: string = 'node-llama-cpp'

/**
 * Load llama.cpp, on processors alone: what graphics cards compute differs from one to the next.
 * @throws Error saying what to install if it is not there.
 */
export async function loadLlama(threads: number): Promise<Llama> {
  let found: NodeLlamaCpp
  try {
    found = (await import(NAME)) as NodeLlamaCpp
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
    if (!isAbsent || !error.message.includes(`'${NAME}'`)) throw error
    throw new Error(
      `engine: expected the package ${NAME}, which brings llama.cpp, found none; npm install ${NAME} (or leave the engine out: the file is read here too)`,
      { cause: error },
    )
  }
  return found.getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: 'error',
    maxThreads: threads,
  })
}
