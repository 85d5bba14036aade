// Where a cast may be written. Comes in: an open checkpoint, options. Goes out: nothing, or an error that
// names the option, before anything is written.

import { realpath } from 'node:fs/promises'
import type { Checkpoint } from '../open-checkpoint.js'
import type { CastFileOptions } from './cast-file.js'
import { CastOptionError } from './check-cast-options.js'

/** Names of files that are something else than safetensors. */
const otherFiles =
  /\.(?:gguf|ggml|onnx|bin|pt|pth|ckpt|npy|npz|h5|hdf5|pb|tflite|mlmodel|pkl|json|jsonl|csv|txt|md|html|zip|tar|gz)$/i

/**
 * Check the place of what is written: not that of what is read, and not called what it is not.
 * @throws CastOptionError
 */
export async function checkOutput(
  file: Checkpoint,
  { from, to }: CastFileOptions,
  inShards: boolean,
): Promise<void> {
  const [found] = otherFiles.exec(to) ?? []
  if (found !== undefined)
    throw new CastOptionError(
      'to',
      `expected the name of a .safetensors file, which is all that a cast writes, found '${to}'; ` +
        `name it '${to.slice(0, -found.length)}.safetensors'`,
    )
  if (inShards && to.endsWith('.safetensors'))
    throw new CastOptionError(
      'to',
      `expected the name of a folder, for shards, found '${to}'; choose another`,
    )
  const place = (path: string): Promise<string | undefined> => realpath(path).catch(() => undefined)
  const there = await place(to)
  const read = await Promise.all([from, ...file.files].map(place))
  if (there !== undefined && read.includes(there))
    throw new CastOptionError('to', `expected another file than the one to read, found '${to}'`)
}
