// Scales of Q4_K and Q5_K: eight scales and eight minima of 6 bits in 12 bytes. Comes in: the bytes, which of
// the eight. Goes out: the code of its scale or of its minimum. Source: ggml's get_scale_min_k4.

/** The scale of 32 weights, 0 to 63. */
export function scaleCode(bytes: Uint8Array, at: number, group: number): number {
  return group < 4
    ? bytes[at + group]! & 63
    : (bytes[at + 4 + group]! & 15) | ((bytes[at + group - 4]! >> 2) & 48)
}

/** The minimum of 32 weights, 0 to 63. */
export function minimumCode(bytes: Uint8Array, at: number, group: number): number {
  return group < 4
    ? bytes[at + 4 + group]! & 63
    : (bytes[at + 4 + group]! >> 4) | ((bytes[at + group]! >> 2) & 48)
}
