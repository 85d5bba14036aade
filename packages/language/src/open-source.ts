// What a path holds of a language model. Comes in: a run, a file, a folder. Goes out: model, tokenizer, and
// what reads the weights into arrays; nothing large is read before that.
// Source: docs/design/18-language.md.

import { readdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { openSafetensors, readWeight, type GridRecord, type SafetensorsFile } from '@lotion/checkpoints'
import { gridRecords, quantizedWeights, WHICH_WEIGHTS } from '@lotion/checkpoints/internal'
import type { Tree } from '@lotion/core'
import type { CausalModel } from '@lotion/models'
import type { Tokenizer } from '@lotion/text'
import { chosenModel, type StoredWeights } from './chosen-model.js'
import { jsonIn } from './json-in.js'
import { recordedModel, TOKENIZER } from './model-record.js'

/** Which model of a path is meant. */
export interface SourceWish {
  /** `bytes`, an encoding, or the path of a tokenizer.json. Default: what the file says. */
  readonly tokenizer?: string
  /** Longest sequence. Default: as the file says. */
  readonly context?: number
  /** Of a run: `cast` (default), as a runtime of its format sees them, or `trained`, before the cast. */
  readonly weights?: 'cast' | 'trained'
}

/** A model whose weights are not read yet. */
export interface ModelSource {
  /** The file or folder that was found. */
  readonly path: string
  readonly model: CausalModel
  readonly tokenizer: Tokenizer
  /** Ids that end a text. */
  readonly ends: readonly number[]
  /** The grids that weights lie on, by their names. */
  readonly grid: ReadonlyMap<string, GridRecord>
  /** What a checkpoint asks for that is not done. */
  readonly warnings: readonly string[]
  /** The file that has the weights under the model's own names; absent where another's layout was read. */
  readonly file?: string
  /** Of a run: the file that was cast, where it is still there. */
  readonly before?: string
  /** What reads one weight after another of a checkpoint of others. */
  readonly stored?: () => Promise<StoredWeights>
  /** Read the weights into arrays of the model's shapes. */
  read(into: Tree<Float32Array>): Promise<void>
}

/** Files of a run by which it is known, and which hold its weights. */
const RUN = 'run.json'
const MODEL = 'model.safetensors'
const KEPT = 'weights'

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Whether a path, or a name in `runs`, is a run. */
export async function isRun(word: string): Promise<boolean> {
  return (await exists(join(word, RUN))) || (!(await exists(word)) && (await exists(join('runs', word, RUN))))
}

/** Find what a path holds. @throws RangeError or Error naming it, what was expected and what to do. */
export async function openSource(word: string, wish: SourceWish = {}): Promise<ModelSource> {
  const inRuns = join('runs', word)
  const path = !(await exists(word)) && (await exists(join(inRuns, RUN))) ? inRuns : word
  const found = await stat(path).catch(() => undefined)
  if (found === undefined)
    throw new RangeError(
      `${word}: expected a run, a .safetensors or .gguf file, or a folder with a config.json, found nothing there`,
    )
  const { weights = 'cast' } = wish
  if (found.isDirectory()) {
    if (await exists(join(path, RUN))) return ofRun(path, wish)
    refuseTrained(path, weights)
    if (await exists(join(path, 'config.json'))) return ofCheckpoint(path, wish)
    if (await exists(join(path, MODEL))) return ofFile(join(path, MODEL), wish)
    throw new RangeError(
      `${word}: expected a run (${RUN}), or a folder with a config.json or a ${MODEL}, found neither`,
    )
  }
  refuseTrained(path, weights)
  if (path.endsWith('.gguf')) return ofCheckpoint(path, wish)
  if (path.endsWith('.safetensors')) {
    // What a file says of itself goes before what lies beside it.
    const isOurs = TOKENIZER in (await metadataOf(path))
    return !isOurs && (await exists(join(dirname(path), 'config.json')))
      ? ofCheckpoint(path, wish, dirname(path))
      : ofFile(path, wish)
  }
  throw new RangeError(`${word}: expected a .safetensors or .gguf file, or a folder, found another file`)
}

function refuseTrained(path: string, weights: 'cast' | 'trained'): void {
  if (weights === 'trained')
    throw new RangeError(`${path}: expected a run, which keeps its trained weights, found no ${RUN} there`)
}

/** A checkpoint of others, or one of several files of weights in the folder of one. */
async function ofCheckpoint(
  path: string,
  { tokenizer, context }: SourceWish,
  folder?: string,
): Promise<ModelSource> {
  const {
    start,
    trained: _,
    ...found
  } = await chosenModel({
    model: folder ?? path,
    ...(folder === undefined ? {} : { file: path }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(context === undefined ? {} : { context }),
  })
  return { ...found, path, grid: new Map(), read: async (into) => void (await start(0, into)) }
}

async function ofRun(folder: string, wish: SourceWish): Promise<ModelSource> {
  const path = join(folder, MODEL)
  if (!(await exists(path))) throw new Error(await withoutModel(folder))
  const trained = await trainedWeights(folder)
  if (wish.weights !== 'trained')
    return { ...(await ofFile(path, wish)), ...(trained === undefined ? {} : { before: trained }) }
  if (trained === undefined)
    throw new RangeError(
      `${folder}: expected the weights that its model was cast from in ${join(folder, KEPT)}, found none; name ${path} to take those after the cast, or train again`,
    )
  return ofFile(trained, wish)
}

/** What to do with a run that has no model. */
async function withoutModel(folder: string): Promise<string> {
  const expected = `${folder}: expected a finished run with a ${MODEL}, found none`
  const run = await jsonIn(folder, RUN)
  const isFinished = typeof run === 'object' && run !== null && 'finishedAt' in run
  if (!isFinished) return `${expected}; lotion resume ${folder} goes on with it`
  const [first] = await keptFiles(folder)
  return first === undefined
    ? `${expected}, though it was finished: every method diverged, or the file is gone; train again`
    : `${expected}, though it was finished; name one of its files of weights, such as ${first}`
}

/** What the weights before and after a cast have in common. */
const common = ['method', 'seed', 'steps', 'number format', 'block', 'taken']

/**
 * Find the weights that a run's model was cast from, by what the files say of themselves; nothing if they are
 * gone. A run keeps for each method and seed what was taken, its cast, and what was trained last where
 * something else was taken.
 */
export async function trainedWeights(folder: string): Promise<string | undefined> {
  const model = await metadataOf(join(folder, MODEL))
  for (const path of await keptFiles(folder)) {
    const metadata = await metadataOf(path)
    if (metadata[WHICH_WEIGHTS] === 'trained' && common.every((key) => metadata[key] === model[key]))
      return path
  }
  return undefined
}

async function keptFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(folder, KEPT)).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return []
    throw new Error(`cannot read ${join(folder, KEPT)}: ${error.message}`, { cause: error })
  })
  return names
    .filter((name) => name.endsWith('.safetensors'))
    .sort()
    .map((name) => join(folder, KEPT, name))
}

async function metadataOf(path: string): Promise<Readonly<Record<string, string>>> {
  const { metadata, close } = await openSafetensors(path)
  await close()
  return metadata
}

async function ofFile(path: string, wish: SourceWish): Promise<ModelSource> {
  const file = await openSafetensors(path)
  try {
    const found = await recordedModel(file, wish)
    refuseOtherTensors(file, found.model)
    return {
      ...found,
      path,
      file: path,
      grid: gridRecords(file.metadata),
      read: async (into) => {
        const source = await openSafetensors(path)
        try {
          for (const [name, array] of Object.entries(into)) array.set((await readWeight(source, name)).data)
        } finally {
          await source.close()
        }
      },
    }
  } finally {
    await file.close()
  }
}

/** Weights of our own files have the model's names and shapes; packed ones stand in several tensors. */
function refuseOtherTensors(file: SafetensorsFile, { shapes }: CausalModel): void {
  const { weights, parts } = quantizedWeights(file)
  for (const [name, shape] of Object.entries(shapes)) {
    const packed = weights.get(name)
    const stored = packed?.known?.shape ?? file.tensors[name]?.shape
    if (stored === undefined)
      throw new RangeError(
        `${file.path}: expected '${name}' [${shape.join(', ')}], found none; the file is not whole`,
      )
    if (stored.join() !== shape.join())
      throw new RangeError(
        `${file.path}: '${name}': expected [${shape.join(', ')}], as its metadata say, found [${stored.join(', ')}]`,
      )
  }
  const extra = Object.keys(file.tensors).find(
    (name) => !Object.hasOwn(shapes, name) && !Object.hasOwn(shapes, parts.get(name) ?? ''),
  )
  if (extra !== undefined)
    throw new RangeError(
      `${file.path}: expected the ${Object.keys(shapes).length} weights of its model, found '${extra}' besides`,
    )
}
