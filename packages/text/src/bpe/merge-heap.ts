// Pairs by how often they occur, as a binary heap: the most frequent first, of equals the one with the
// smaller ids. Comes in: pairs with counts. Goes out: the first of them.

/** Two neighbouring ids and how often they were counted when this was noted. */
export interface Counted {
  readonly left: number
  readonly right: number
  readonly count: number
}

const isBefore = (a: Counted, b: Counted): boolean =>
  a.count !== b.count ? a.count > b.count : a.left !== b.left ? a.left < b.left : a.right < b.right

/** Make an empty heap. */
export function mergeHeap(): { push(item: Counted): void; pop(): Counted | undefined } {
  const items: Counted[] = []
  return {
    push(item) {
      let at = items.push(item) - 1
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (!isBefore(item, items[parent]!)) break
        items[at] = items[parent]!
        at = parent
      }
      items[at] = item
    },
    pop() {
      const top = items[0]
      const item = items.pop()
      if (item === undefined || items.length === 0) return top
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child + 1 < items.length && isBefore(items[child + 1]!, items[child]!)) child++
        if (child >= items.length || !isBefore(items[child]!, item)) break
        items[at] = items[child]!
        at = child
      }
      items[at] = item
      return top
    },
  }
}
