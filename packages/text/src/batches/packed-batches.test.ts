import { expect, test } from 'vitest'
import { packedBatches, type TokenDocument } from './packed-batches.js'

const given: readonly TokenDocument[] = [
  { ids: Int32Array.of(10, 11, 12) },
  { ids: Int32Array.of(20, 21, 22, 23), counts: Uint8Array.of(0, 0, 1, 0) },
  { ids: Int32Array.from({ length: 30 }, (_, i) => 100 + i) },
]
const of = (documents: readonly TokenDocument[], seed = 1) =>
  packedBatches({
    documents: { length: documents.length, document: (i) => documents[i]! },
    batch: 16,
    context: 12,
    seed,
  })

test('rows hold whole documents; targets stay inside them and count where they should', () => {
  const kinds = new Set<number>()
  for (let step = 0; step < 5; step++) {
    const { x, y, segments } = of(given)(step)
    for (let row = 0; row < 16; row++) {
      const part = (data: ArrayLike<number>) => Array.from(data).slice(row * 12, row * 12 + 12)
      const [ids, targets, parts] = [part(x!.data), part(y!.data), part(segments!.data)]
      for (const segment of new Set(parts)) {
        const at = parts.indexOf(segment)
        const found = ids.filter((_, t) => parts[t] === segment)
        const document = given.find((one) => one.ids[0] === found[0])
        const aims = targets.filter((_, t) => parts[t] === segment)
        if (document === undefined) {
          expect(new Set(aims)).toEqual(new Set([-100]))
          expect(segment).toBe(Math.max(...parts))
          continue
        }
        kinds.add(document.ids[0]!)
        expect(found).toEqual(Array.from(document.ids.subarray(0, 12)))
        expect(aims).toEqual(
          found.map((_, t) =>
            t + 1 < document.ids.length && (document.counts?.[t + 1] ?? 1) === 1 ? document.ids[t + 1] : -100,
          ),
        )
        expect(at === 0 || document.ids.length <= 12 - at).toBe(true)
      }
    }
  }
  expect(kinds).toEqual(new Set([10, 20, 100]))
})

test('depend on seed and step alone', () => {
  expect(of(given)(3)).toEqual(of(given)(3))
  expect(of(given)(3)).not.toEqual(of(given)(4))
  expect(of(given)(3)).not.toEqual(of(given, 2)(3))
  expect(() => of([])).toThrow(/documents: expected at least one, found none/)
})
