// Lists by a key. Comes in: a list. Goes out: its members by their key, in the order of their coming.
// Source: `Map.groupBy` of ES2024, which Node 20 does not have.

/** Group a list. */
export function grouped<K, V>(list: readonly V[], keyOf: (value: V) => K): ReadonlyMap<K, readonly V[]> {
  const groups = new Map<K, V[]>()
  for (const value of list) {
    const key = keyOf(value)
    const group = groups.get(key)
    if (group) group.push(value)
    else groups.set(key, [value])
  }
  return groups
}
