// The index of a checkpoint in shards: which file holds which tensor. Comes in:
// `model.safetensors.index.json`. Goes out: names by file.
// Source: the sharded checkpoints of Hugging Face's transformers: { metadata: { total_size }, weight_map: {
// name: file } }.

import { cutText, jsonCursor, twice } from './json-cursor.js'
import { shownName } from './shown.js'

/** The name that loaders look for in a folder. */
export const INDEX_NAME = 'model.safetensors.index.json'

/** Longest index that is read, in bytes: that of a header. */
export const MAX_INDEX_BYTES = 100_000_000

/** What an index says. */
export interface ShardIndex {
  /** Bytes of all tensors together, if it says so. */
  readonly totalSize: number | undefined
  /** Tensor → file in the folder of the index. */
  readonly files: ReadonlyMap<string, string>
}

const MAX_DEPTH = 16

/**
 * Parse an index.
 * @throws Error unless it is JSON without a key twice, with a `weight_map` of names of files in the same
 * folder.
 */
export function parseIndex(bytes: Uint8Array): ShardIndex {
  const json = jsonCursor(bytes)
  let files: Map<string, string> | undefined
  let totalSize: number | undefined
  const keys = new Set<string>()
  json.members((key) => {
    if (keys.has(key)) throw twice(key)
    keys.add(key)
    if (key === 'weight_map') {
      const map = new Map<string, string>()
      json.members((name) => {
        if (map.has(name)) throw twice(name)
        map.set(name, fileName(name, json.string()))
      })
      files = map
    } else if (key === 'metadata' && json.kind() === 'object') {
      const seen = new Set<string>()
      json.members((member) => {
        if (seen.has(member)) throw twice(member)
        seen.add(member)
        if (member === 'total_size') totalSize = json.number()
        else json.skip(MAX_DEPTH)
      })
    } else json.skip(MAX_DEPTH)
  })
  json.end()
  if (!files) throw new Error('weight_map: expected an object of file names by tensor, found none')
  return { totalSize, files }
}

/** @throws unless a name is that of a file beside the index, and nothing that leads elsewhere. */
function fileName(tensor: string, name: string): string {
  if (name === '' || name.startsWith('.') || /[/\\\0]/.test(name)) {
    throw new Error(
      `weight_map: ${shownName(tensor)}: expected the name of a file in the same folder, found ${cutText(name)}`,
    )
  }
  return name
}

/** Write an index; the same tensors give the same bytes. */
export function indexText(files: ReadonlyMap<string, string>, totalSize: number): string {
  const map = Object.create(null) as Record<string, string>
  for (const [name, file] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) map[name] = file
  return `${JSON.stringify({ metadata: { total_size: totalSize }, weight_map: map }, undefined, 2)}\n`
}

/** The name of a shard, counted from 1: `model-00001-of-00003.safetensors`. */
export function shardName(number: number, count: number): string {
  const digits = (n: number): string => String(n).padStart(5, '0')
  return `model-${digits(number)}-of-${digits(count)}.safetensors`
}
