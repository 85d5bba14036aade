// The architectures whose names and configurations are known, one a line. Comes in: metadata. Goes out: the
// architecture that they name.

import { ggufValue } from '../gguf-metadata.js'
import type { GgufValue } from '../gguf-values.js'
import type { GgufArchitecture } from './gguf-architecture.js'
import { gpt2 } from './gpt2.js'
import { llama } from './llama.js'
import { qwen2 } from './qwen2.js'
import { qwen3 } from './qwen3.js'

/** All of them. */
const knownArchitectures: readonly GgufArchitecture[] = Object.freeze([llama, qwen2, qwen3, gpt2])

/** @throws RangeError if the metadata name none of them, or the file holds no model. */
export function architectureOf(metadata: Readonly<Record<string, GgufValue>>): GgufArchitecture {
  const type = ggufValue(metadata, 'general.type', 'text', 'model')
  if (type !== 'model') throw new RangeError(`general.type: expected 'model', found '${type}'`)
  return architectureNamed('general.architecture', ggufValue(metadata, 'general.architecture', 'text'))
}

/** Find an architecture by its name; `key` says where it stands. @throws RangeError if none has it. */
export function architectureNamed(key: string, name: string): GgufArchitecture {
  const found = knownArchitectures.find((architecture) => architecture.name === name)
  if (!found)
    throw new RangeError(
      `${key}: expected one of ${knownArchitectures.map((each) => each.name).join(', ')}, found '${name}', whose names and order of rows are not known here`,
    )
  return found
}
