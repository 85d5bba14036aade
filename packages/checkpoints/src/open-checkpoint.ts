// A checkpoint, whether it is one file or many. Comes in: the path of a file (safetensors or GGUF), of an
// index or of the folder that holds one. Goes out: all tensors as those of one open file. Source: the sharded
// checkpoints of Hugging Face's transformers.

import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { openRegular, openSafetensors } from './open-safetensors.js'
import { named, type SafetensorsFile } from './safetensors-view.js'
import { dictionary, sizeInBytes, type TensorInfo } from './safetensors-header.js'
import { INDEX_NAME, MAX_INDEX_BYTES, parseIndex, type ShardIndex } from './shard-index.js'
import { ggufCheckpoint } from './gguf/gguf-checkpoint.js'
import { isGguf } from './gguf/gguf-name.js'
import { openGguf } from './gguf/open-gguf.js'
import { cutText } from './json-cursor.js'
import { shownName } from './shown.js'

/** An open checkpoint. */
export interface Checkpoint extends SafetensorsFile {
  /** Paths of the files that it is made of; one if it is not in shards. */
  readonly files: readonly string[]
  /** Whether an index says which file holds which tensor. */
  readonly sharded: boolean
}

/**
 * Open a checkpoint: a safetensors file, an index, a folder with `model.safetensors.index.json` or
 * `model.safetensors` in it, or a GGUF file, by its name `….gguf`, whose tensors are decoded to f32 under the
 * names that it has; `hfTensors` gives them those of Hugging Face.
 * @param path Of the file, the index or the folder.
 * @throws Error naming the path if a shard is missing or damaged, holds other tensors than the index says, or
 * the sizes do not add up. Nothing stays open then.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const info = await stat(path).catch((error: unknown) => {
    throw named(path, error)
  })
  if (isGguf(path)) return ggufCheckpoint(await openGguf(path))
  if (!info.isDirectory()) return path.endsWith('.json') ? openShards(path) : single(path)
  const index = join(path, INDEX_NAME)
  if (await exists(index)) return openShards(index)
  const only = join(path, 'model.safetensors')
  if (await exists(only)) return single(only)
  throw new Error(
    `cannot read ${path}: expected ${INDEX_NAME} or model.safetensors in the folder, found neither`,
  )
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw named(path, error)
    },
  )
}

async function single(path: string): Promise<Checkpoint> {
  return Object.freeze({ ...(await openSafetensors(path)), files: [path], sharded: false })
}

async function readIndex(path: string): Promise<ShardIndex> {
  try {
    const { handle, size } = await openRegular(path)
    try {
      if (size > MAX_INDEX_BYTES)
        throw new Error(`expected an index of at most ${MAX_INDEX_BYTES} bytes, found ${size}`)
      return parseIndex(await handle.readFile())
    } finally {
      await handle.close()
    }
  } catch (error) {
    throw named(path, error)
  }
}

async function openShards(path: string): Promise<Checkpoint> {
  const index = await readIndex(path)
  const opened = new Map<string, SafetensorsFile>()
  const close = async (): Promise<void> => {
    for (const file of opened.values()) await file.close()
  }
  try {
    for (const name of new Set(index.files.values()))
      opened.set(name, await openSafetensors(join(dirname(path), name)))
    const tensors = tensorsOf(path, index, opened)
    const fileOf = (name: string): SafetensorsFile => {
      const shard = index.files.get(name)
      const file = shard === undefined ? undefined : opened.get(shard)
      if (!file)
        throw new RangeError(`${path}: expected a tensor that the index names, found ${shownName(name)}`)
      return file
    }
    return Object.freeze<Checkpoint>({
      path,
      files: [...opened.values()].map((file) => file.path),
      sharded: true,
      metadata: commonMetadata(path, [...opened.values()]),
      tensors,
      tensor: async (name) => fileOf(name).tensor(name),
      part: async (name, first, count, into) => fileOf(name).part(name, first, count, into),
      pieces: (name) => fileOf(name).pieces(name),
      close,
    })
  } catch (error) {
    await close()
    throw error
  }
}

/** Tensors in the order of the index. @throws unless shards and index name the same ones, each once. */
function tensorsOf(
  path: string,
  { files, totalSize }: ShardIndex,
  opened: ReadonlyMap<string, SafetensorsFile>,
): Readonly<Record<string, TensorInfo>> {
  const tensors = dictionary<TensorInfo>()
  let bytes = 0
  for (const [name, shard] of files) {
    const info = opened.get(shard)!.tensors[name]
    if (!info)
      throw new Error(
        `cannot read ${path}: ${shownName(name)}: expected it in ${cutText(shard)}, found no tensor of that name there`,
      )
    tensors[name] = info
    bytes += sizeInBytes(name, info.shape, info.dtype)
  }
  for (const [shard, file] of opened) {
    const extra = Object.keys(file.tensors).find((name) => files.get(name) !== shard)
    if (extra !== undefined)
      throw new Error(
        `cannot read ${path}: expected all tensors of ${cutText(shard)} in the index, found ${shownName(extra)} ${files.has(extra) ? 'in another file there' : 'missing'}`,
      )
  }
  if (totalSize !== undefined && totalSize !== bytes)
    throw new Error(
      `cannot read ${path}: total_size: expected the ${bytes} bytes of all tensors, found ${totalSize}; a shard was exchanged, or the index belongs to other files`,
    )
  return tensors
}

/** Metadata of all shards. @throws if two of them contradict each other. */
function commonMetadata(path: string, files: readonly SafetensorsFile[]): Readonly<Record<string, string>> {
  const metadata = dictionary<string>()
  const from = new Map<string, string>()
  for (const file of files) {
    for (const [key, value] of Object.entries(file.metadata)) {
      const other = from.get(key)
      if (other !== undefined && metadata[key] !== value)
        throw new Error(
          `cannot read ${path}: metadata ${shownName(key)}: expected the same in all shards, found ${cutText(metadata[key]!)} in ${basename(other)} and ${cutText(value)} in ${basename(file.path)}`,
        )
      metadata[key] = value
      from.set(key, file.path)
    }
  }
  return metadata
}
