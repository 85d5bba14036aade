// What the tests of golden vectors share. Comes in: names of files, of formats. Goes out: vectors, the
// weights of golden/weights.py, checksums, formats with the rule that a vector is for.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { absmax } from '../src/absmax.js'
import { formatByName } from '../src/by-name.js'
import { e4m3Ceil } from '../src/e4m3-ceil.js'
import { e4m3Nearest } from '../src/e4m3-nearest.js'
import { e8m0Ceil } from '../src/e8m0-ceil.js'
import { e8m0Even } from '../src/e8m0-even.js'
import { e8m0Floor } from '../src/e8m0-floor.js'
import { e8m0Nearest } from '../src/e8m0-nearest.js'
import { absmaxF16 } from '../src/float-scale.js'
import { withScale } from '../src/format.js'
/** A file of vectors, as its script wrote it. */
export function golden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8'))
}

/** Read a number as Python writes it: 0x1.8p-3, inf, nan. */
export function hexFloat(text: string): number {
  const [, sign, whole, fraction = '', exponent] = /^(-?)0x([01])\.?([0-9a-f]*)p([+-]\d+)$/.exec(text) ?? []
  if (exponent === undefined) return { inf: Infinity, '-inf': -Infinity }[text] ?? NaN
  const digits = parseInt(`${whole}${fraction}`, 16)
  return (sign ? -1 : 1) * digits * 2 ** (Number(exponent) - 4 * fraction.length)
}

/** MurmurHash3's finalizer, as in golden/weights.py. */
export function mix(value: number): number {
  let h = value | 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** The weights of golden/weights.py. */
export function weights(blocks: number, block: number, narrow: boolean): Float32Array {
  const w = new Float32Array(blocks * block)
  for (let b = 0; b < blocks; b++) {
    const drawn = mix(b + 0xabcdef01)
    let exponent = (drawn % (narrow ? 9 : 40)) - (narrow ? 29 : 50)
    if (!narrow && b % 53 === 5) exponent = (drawn % 24) - 168
    if (!narrow && b % 59 === 7) exponent = (drawn % 3) + 104
    const scale = !narrow && b % 97 === 3 ? 0 : 2 ** exponent
    for (let i = b * block; i < (b + 1) * block; i++) {
      let total = -(2 ** 21)
      for (let part = 1; part <= 4; part++) total += mix(4 * i + part) >>> 12
      w[i] = total * scale
    }
  }
  return w
}

/** SHA-256 of the f32 bytes, −0 counted as 0. */
export function digest(values: Float32Array): string {
  const bytes = values.map((value) => value + 0)
  return createHash('sha256').update(new Uint8Array(bytes.buffer)).digest('hex')
}

const rules = [absmax, absmaxF16, e8m0Ceil, e8m0Even, e8m0Floor, e8m0Nearest, e4m3Ceil, e4m3Nearest]
/** What casts. */
export const cpu = cpuExecutor()

/** A format with a rule, from `FORMAT RULE`. */
export function formatOf(key: string): NumberFormat {
  const [name, rule] = key.split(' ') as [string, string]
  return withScale(
    formatByName(name),
    rules.find((known) => known.name === rule)!,
  )
}
