// AdamW with a learned step, written anew in plain numbers. Comes in: weights, targets by step. Goes out:
// weights, casts, bounds.
// Source: Esser et al. 2019 (arXiv 1902.08153); Kingma & Ba 2015.

/** AdamW with LSQ of the logarithm of each row's step, for int3, in 64 bits. */
export function byHand(
  w0: readonly number[],
  rows: number,
  steps: number,
  rate: number,
  noise: (step: number) => Float32Array,
) {
  const top = 3
  const [size, length] = [w0.length, w0.length / rows]
  const w = [...w0]
  const rowOf = (i: number): number => Math.floor(i / length)
  const largest = (row: number): number =>
    Math.max(...w.slice(row * length, (row + 1) * length).map(Math.abs))
  const at = (i: number, s: number): { code: number; inside: boolean } => {
    const inside = Math.abs(w[i]!) <= s * top * (1 + 1e-7)
    return { code: Math.max(-top, Math.min(top, Math.round(w[i]! / s))), inside }
  }
  // The start: of shares of the largest the least squared error.
  const log = Array.from({ length: rows }, (_, row) => {
    const errorOf = (s: number): number =>
      w.reduce((sum, x, i) => (rowOf(i) === row ? sum + (at(i, s).code * s - x) ** 2 : sum), 0)
    const tried = Array.from({ length: 25 }, (_, k) => (largest(row) * 2 ** (-k / 8)) / top)
    return Math.log(tried.reduce((best, s) => (errorOf(s) < errorOf(best) ? s : best)))
  })
  const adam = (n: number) => ({ m: new Float64Array(n), v: new Float64Array(n) })
  const [ofW, ofLog] = [adam(size), adam(rows)]
  const move = ({ m, v }: ReturnType<typeof adam>, i: number, g: number, t: number): number => {
    m[i] = 0.9 * m[i]! + 0.1 * g
    v[i] = 0.999 * v[i]! + 0.001 * g * g
    return (-rate * (m[i] / (1 - 0.9 ** t))) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8)
  }
  const step = (row: number): number => Math.min(Math.exp(log[row]!), largest(row) / top)
  const clips = { seen: 0 }
  for (let t = 1; t <= steps; t++) {
    const target = noise(t - 1)
    const scales = Array.from({ length: rows }, (_, row) => step(row))
    const limits = Array.from({ length: rows }, (_, row) => Math.log(largest(row) / top))
    const places = w.map((_, i) => at(i, scales[rowOf(i)]!))
    const g = places.map(({ code }, i) => code * scales[rowOf(i)]! - target[i]!)
    const slopes = new Float64Array(rows)
    places.forEach(({ code, inside }, i) => {
      const s = scales[rowOf(i)]!
      slopes[rowOf(i)]! += (g[i]! * s * (inside ? code - w[i]! / s : code)) / Math.sqrt(length * top)
      if (!inside) clips.seen++
    })
    places.forEach(({ inside }, i) => (w[i]! += move(ofW, i, inside ? g[i]! : 0, t)))
    slopes.forEach(
      (slope, row) => (log[row] = Math.min(log[row]! + move(ofLog, row, slope, t), limits[row]!)),
    )
  }
  const cast = w.map((_, i) => at(i, step(rowOf(i))).code * step(rowOf(i)))
  return { w, cast, bounds: log.map((each) => Math.exp(each) * top), clips: clips.seen }
}
