// Byte pairs worth a token. Comes in: words as ids, with how often each occurs. Goes out: pairs in the order
// in which they become tokens. Counts follow each merge where its pair stands, and nowhere else.

import { mergeHeap } from './merge-heap.js'

/** A word as ids; merges make it shorter. */
interface Word {
  readonly ids: number[]
  readonly count: number
}

// A pair as one number: ids stay below 2^26, so that both fit into a double.
const SHIFT = 2 ** 26
const keyOf = (left: number, right: number): number => left * SHIFT + right

/**
 * Choose up to `most` merges: at each step the most frequent pair, of equals the one with the smaller ids.
 * @param words As ids; changed in place.
 * @param most How many merges at most; fewer where no pair is left.
 * @param idOf Gives the id of a merge's token, an old one where two pairs make the same token.
 */
export function learnMerges(
  words: readonly Word[],
  most: () => boolean,
  idOf: (left: number, right: number) => number,
): void {
  const counts = new Map<number, number>()
  const places = new Map<number, Set<number>>()
  const heap = mergeHeap()
  const touched = new Set<number>()
  const add = (left: number, right: number, by: number, word: number): void => {
    const key = keyOf(left, right)
    counts.set(key, (counts.get(key) ?? 0) + by)
    if (by < 0) return
    touched.add(key)
    const found = places.get(key)
    if (found) found.add(word)
    else places.set(key, new Set([word]))
  }
  const note = (): void => {
    for (const key of touched) {
      const count = counts.get(key) ?? 0
      if (count > 0) heap.push({ left: Math.floor(key / SHIFT), right: key % SHIFT, count })
    }
    touched.clear()
  }
  for (const [index, { ids, count }] of words.entries())
    for (let i = 1; i < ids.length; i++) add(ids[i - 1]!, ids[i]!, count, index)
  note()
  while (most()) {
    const top = heap.pop()
    if (top === undefined) return
    const { left, right } = top
    const now = counts.get(keyOf(left, right)) ?? 0
    // Counts fall without the heap's knowledge: what is stale goes back with its count of today.
    if (now !== top.count) {
      if (now > 0) heap.push({ left, right, count: now })
      continue
    }
    const id = idOf(left, right)
    for (const index of places.get(keyOf(left, right)) ?? []) {
      const { ids, count } = words[index]!
      for (let i = 0; i + 1 < ids.length; i++) {
        if (ids[i] !== left || ids[i + 1] !== right) continue
        if (i > 0) {
          add(ids[i - 1]!, left, -count, index)
          add(ids[i - 1]!, id, count, index)
        }
        if (i + 2 < ids.length) {
          add(right, ids[i + 2]!, -count, index)
          add(id, ids[i + 2]!, count, index)
        }
        ids.splice(i, 2, id)
      }
    }
    counts.delete(keyOf(left, right))
    places.delete(keyOf(left, right))
    note()
  }
}
