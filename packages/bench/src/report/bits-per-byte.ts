// Bits a byte of losses on text: by them alone can losses of different tokenizers be compared. Comes in: what
// a method gave, how its losses are read. Goes out: a number, nothing where the loss is of no text.
// Source: docs/design/18-language.md, what a loss is.

import { significant } from '@lotion/cli/internal'
import type { ComparisonRecord } from '../records.js'
import type { LossReading } from '../tasks/task.js'

/** What is read of a comparison. */
type Compared = Pick<ComparisonRecord, 'method' | 'nearest' | 'config'>

/** The mean loss after the nearest cast, in bits a byte of the text that it is measured on. */
export function bitsPerByte(
  { nearest: { mean }, config }: Compared,
  { unit }: LossReading,
): number | undefined {
  const bytes = unit === 'nats per byte' ? 1 : config['bytesPerToken']
  const isKnown = unit?.startsWith('nats per') && typeof bytes === 'number' && bytes > 0
  return isKnown && Number.isFinite(mean) ? mean / Math.LN2 / bytes : undefined
}

/** The same as tables have it. */
export const bitsPerByteText = (value: number | undefined): string =>
  value === undefined ? '–' : significant(value, 4)

/** A line of all methods; nothing where no loss is of text. */
export function bitsPerByteLine(comparisons: readonly Compared[], loss: LossReading): string | undefined {
  const found = comparisons.flatMap((record) => {
    const bits = bitsPerByte(record, loss)
    return bits === undefined ? [] : [`${record.method} ${bitsPerByteText(bits)}`]
  })
  return found.length === 0 ? undefined : `Bits a byte after the nearest cast: ${found.join(', ')}.`
}
