// What a 5-gram model makes of a text: the loss that a trained one has to be below. Comes in: a text file.
// Goes out: nats a byte on its last tenth, after the rest, as `lotion train --data FILE` splits one document:
// with all text before each byte, and with what is in sight of a model that reads windows of 64.
// Source: interpolated Kneser-Ney, Chen and Goodman 1998, section 2.7; a discount an order, n1 / (n1 + 2 n2).

import { readFileSync } from 'node:fs'

const ORDER = 5

/** Bytes of a window: the context of `nano`. */
const CONTEXT = 64

/** The share of a document that is held back, its last part. */
const HELD = 0.1

/**
 * @typedef {{
 *   counts: Map<number, number>
 *   totals: Map<number, number>
 *   kinds: Map<number, number>
 *   discount: number
 * }} Order
 */

/** A context and the byte behind it, of so many bytes in all, as one number. */
const keyOf = (/** @type {Uint8Array} */ bytes, /** @type {number} */ end, /** @type {number} */ length) => {
  let key = 0
  for (let i = end - length; i < end; i++) key = key * 256 + (bytes[i] ?? 0)
  return key
}

/** Add one. */
const add = (/** @type {Map<number, number>} */ map, /** @type {number} */ key) =>
  void map.set(key, (map.get(key) ?? 0) + 1)

/** @param {Map<number, number>} counts @returns {Order} */
function orderOf(counts) {
  const totals = new Map()
  const kinds = new Map()
  let [once, twice] = [0, 0]
  for (const [key, count] of counts) {
    const context = Math.floor(key / 256)
    totals.set(context, (totals.get(context) ?? 0) + count)
    add(kinds, context)
    if (count === 1) once++
    if (count === 2) twice++
  }
  return { counts, totals, kinds, discount: once / Math.max(1, once + 2 * twice) }
}

/** Orders 1 to 5: the highest has counts, the others in how many contexts a byte was seen. */
function trained(/** @type {Uint8Array} */ bytes) {
  /** @type {Map<number, number>} */
  let counts = new Map()
  for (let end = ORDER; end <= bytes.length; end++) add(counts, keyOf(bytes, end, ORDER))
  const orders = [orderOf(counts)]
  for (let length = ORDER - 1; length > 0; length--) {
    /** @type {Map<number, number>} */
    const lower = new Map()
    for (const key of counts.keys()) add(lower, key % 256 ** length)
    orders.unshift(orderOf(lower))
    counts = lower
  }
  return orders
}

/** The probability of the byte before `end`, given those of the `seen` before it that a 5-gram looks at. */
function probability(
  /** @type {readonly Order[]} */ orders,
  /** @type {Uint8Array} */ bytes,
  /** @type {number} */ end,
  /** @type {number} */ seen,
) {
  let p = 1 / 256
  for (const [i, { counts, totals, kinds, discount }] of orders.slice(0, seen + 1).entries()) {
    const key = keyOf(bytes, end, i + 1)
    const context = Math.floor(key / 256)
    const total = totals.get(context)
    if (total === undefined) break
    const seen = Math.max((counts.get(key) ?? 0) - discount, 0)
    p = (seen + discount * (kinds.get(context) ?? 0) * p) / total
  }
  return p
}

const [path] = process.argv.slice(2)
if (path === undefined) {
  console.error('five-gram: expected the path of a text, found none')
  process.exit(2)
}
const bytes = readFileSync(path)
const cut = bytes.length - Math.ceil(HELD * bytes.length)
const orders = trained(bytes.subarray(0, cut))

/** Mean over the last tenth. */
function mean(/** @type {(at: number) => number} */ seenAt) {
  let sum = 0
  let count = 0
  // The first byte of a window is read, not foretold.
  for (let end = cut + 2; end <= bytes.length; end++, count++)
    sum -= Math.log(probability(orders, bytes, end, seenAt(end - cut - 2)))
  return (sum / count).toFixed(4)
}

console.log(`${mean(() => ORDER)} nats a byte, of ${bytes.length - cut - 1} bytes`)
console.log(`${mean((at) => 1 + (at % CONTEXT))} in windows of ${CONTEXT}`)
