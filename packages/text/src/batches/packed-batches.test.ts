import { expect, test } from 'vitest'
import { packedBatches, packedWindows, type TokenDocument } from './packed-batches.js'

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

const IGNORED = -100
const counted = (length: number, ...places: readonly number[]): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => Number(places.includes(i)))

test('every row has something to learn: a document without gives way to the next', () => {
  const documents: readonly TokenDocument[] = [
    { ids: Int32Array.of(10, 11, 12), counts: counted(3, 0) },
    { ids: Int32Array.of(20) },
    // What counts lies behind the end of a row.
    { ids: Int32Array.from({ length: 20 }, (_, i) => 30 + i), counts: counted(20, 13, 14) },
    // The token that follows a whole row is its last target.
    { ids: Int32Array.from({ length: 13 }, (_, i) => 60 + i), counts: counted(13, 12) },
  ]
  for (let step = 0; step < 5; step++) {
    const { x, y } = of(documents)(step)
    for (let row = 0; row < 16; row++) {
      expect(x!.data[row * 12]).toBe(60)
      expect(y!.data[row * 12 + 11]).toBe(72)
    }
  }
  expect(() => of(documents.slice(0, 3))).toThrow(
    'documents: expected one with something to learn in its first 12 tokens, found none among 3',
  )
})

test('of several lists each document is drawn by weight, and read no further than a row goes', () => {
  const asked: (number | undefined)[] = []
  const list = (first: number) => ({
    length: 5,
    size: () => 6,
    document: (i: number, most?: number) => {
      asked.push(most)
      return { ids: Int32Array.from({ length: 6 }, (_, t) => first + 10 * i + t) }
    },
  })
  const draw = (weights: readonly number[]) =>
    packedBatches({
      documents: [0, 1000].map((first, i) => ({ documents: list(first), weight: weights[i]! })),
      batch: 32,
      context: 12,
      seed: 4,
    })
  const firsts = Array.from({ length: 20 }, (_, step) => draw([3, 1])(step)['x']!.data).flatMap((data) =>
    Array.from(data).filter((_, i) => i % 6 === 0),
  )
  // 1280 draws of probability ¼: 4.1 standard deviations.
  expect(Math.abs(firsts.filter((id) => id >= 1000).length / firsts.length - 0.25)).toBeLessThan(0.05)
  expect(new Set(asked)).toEqual(new Set([13]))
  const alone = packedBatches({ documents: list(0), batch: 32, context: 12, seed: 4 })
  expect(draw([1, 0])(2)).toEqual(alone(2))
  expect(() => draw([0, 0])).toThrow('weights: expected one above 0, found none')
  expect(() => draw([1, NaN])).toThrow(
    'documents[1].weight: expected a finite number of at least 0, found NaN',
  )
})

test('for evaluation: in their order, rows without anything that counts left out', () => {
  const documents: readonly TokenDocument[] = [
    { ids: Int32Array.of(10, 11, 12, 13) },
    { ids: Int32Array.of(20, 21, 22, 23) },
    { ids: Int32Array.of(30, 31, 32) },
    { ids: Int32Array.of(40, 41, 42, 43), counts: counted(4) },
    { ids: Int32Array.from({ length: 11 }, (_, i) => 50 + i) },
    { ids: Int32Array.of(70, 71) },
  ]
  const windows = (count: number, batch = 2, given = documents) =>
    packedWindows({
      documents: { length: given.length, document: (i) => given[i]! },
      batch,
      context: 8,
      count,
    })
  const [first, ...rest] = windows(9)
  expect(rest.map(({ x }) => [x!.data[0], x!.data[8]])).toEqual([[50, 70]])
  const rowsOf = (name: string) => [0, 8].map((at) => Array.from(first![name]!.data).slice(at, at + 8))
  expect(rowsOf('x')).toEqual([
    [10, 11, 12, 13, 20, 21, 22, 23],
    [30, 31, 32, 40, 41, 42, 43, 0],
  ])
  expect(rowsOf('y')).toEqual([
    [11, 12, 13, IGNORED, 21, 22, 23, IGNORED],
    [31, 32, IGNORED, IGNORED, IGNORED, IGNORED, IGNORED, IGNORED],
  ])
  expect(rowsOf('segments')).toEqual([
    [0, 0, 0, 0, 1, 1, 1, 1],
    [0, 0, 0, 1, 1, 1, 1, 2],
  ])
  const all = windows(9, 1)
  expect(all.map(({ x }) => x!.data[0])).toEqual([10, 30, 50, 70])
  expect(Array.from(all[2]!['y']!.data)).toEqual([51, 52, 53, 54, 55, 56, 57, 58])
  expect(windows(2, 1).map(({ x }) => x!.data[0])).toEqual([10, 30])
  expect(windows(1, 16)[0]!['x']!.shape).toEqual([1, 8])
  expect(() => windows(3, 1, documents.slice(3, 4))).toThrow(
    'documents: expected something that counts in their first 8 tokens, found nothing in 1 documents',
  )
  expect(() => windows(0)).toThrow('count: expected a whole number of at least 1, found 0')
})

test('depend on seed and step alone', () => {
  expect(of(given)(3)).toEqual(of(given)(3))
  expect(of(given)(3)).not.toEqual(of(given)(4))
  expect(of(given)(3)).not.toEqual(of(given, 2)(3))
  expect(() => of([])).toThrow(/documents: expected at least one, found none/)
})
