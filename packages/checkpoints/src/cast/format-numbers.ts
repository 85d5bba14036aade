// Whether a format is still the one that a file was written with. Comes in: a format, what a file records of
// it. Goes out: what to record, or a refusal.
// Source: docs/design/11-files.md.

import type { NumberFormat } from '@lotion/core'
import { builtInFormats } from '@lotion/formats'
import { formatNumbers } from '@lotion/formats/internal'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** What a file records beside the name of a format. */
export interface RecordedNumbers {
  /** Hash of what weights and codes stand for; absent where the format is built in, which its name says. */
  readonly numbers?: string | undefined
}

/** What to record beside the name of a format. */
export function recordedNumbers(format: NumberFormat): RecordedNumbers {
  return isBuiltIn(format) ? {} : { numbers: hashOf(format) }
}

/**
 * Check that a format known by its name has the numbers that a record was made with; `what` names file and
 * weight. @throws RangeError if it has others, or the record does not tell.
 */
export function refuseOtherNumbers(what: string, { numbers }: RecordedNumbers, format: NumberFormat): void {
  if (numbers === undefined && isBuiltIn(format)) return
  const found = hashOf(format)
  if (numbers === found) return
  throw new RangeError(
    numbers === undefined
      ? `${what}: expected a hash of the points and codes of format '${format.name}' beside its name, found none; ` +
          'cast the original weights anew'
      : `${what}: expected format '${format.name}' with the points and codes that this weight was cast with ` +
          `(hash ${numbers}), found others under this name (hash ${found}); ` +
          'give the format as it was, or cast the original weights anew',
  )
}

function isBuiltIn({ name }: NumberFormat): boolean {
  return builtInFormats.some((builtIn) => builtIn.name === name)
}

/** Hashes by record: a file may have thousands of weights. */
const hashes = new WeakMap<NumberFormat, string>()

function hashOf(format: NumberFormat): string {
  const known = hashes.get(format)
  if (known !== undefined) return known
  const text = new TextEncoder().encode(formatNumbers(format))
  const hash = bytesToHex(sha256(text)).slice(0, 16)
  hashes.set(format, hash)
  return hash
}
