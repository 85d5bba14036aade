// Sums in double precision in WGSL, which has no f64: the additions of `sumInOrder`, bit for bit, on two
// 32-bit words. Comes in: nothing. Goes out: WGSL functions. Source: docs/design/08-gpu.md;
// packages/core/src/numbers/sums.ts.

/**
 * One accumulator an invocation. `sumSingle` adds a value, `sumChunk` the four sums of a chunk. Doubles pass
 * between kernels in three parts, as `sumPart` hands them out: 22, 21 and 21 of their bits, which as whole
 * numbers fit an f32. Needs the functions of `wgslArithmetic`.
 */
export const WGSL_DOUBLE_SUMS = `
// Upper word, lower word.
var<private> accumulator : vec2<u32>;

fn shifted(v : vec2<u32>, d : u32) -> vec2<u32> {
  if (d == 0u) { return v; }
  if (d > 63u) { return vec2<u32>(0u, select(0u, 1u, (v.x | v.y) != 0u)); }
  if (d > 31u) {
    let k = d - 32u;
    let lost = v.y | (v.x & ((1u << k) - 1u));
    return vec2<u32>(0u, (v.x >> k) | select(0u, 1u, lost != 0u));
  }
  let lost = v.y & ((1u << d) - 1u);
  return vec2<u32>(v.x >> d, (v.y >> d) | (v.x << (32u - d)) | select(0u, 1u, lost != 0u));
}

fn double_of(a : u32) -> vec2<u32> {
  let s = a & 0x80000000u;
  let p = a & 0x7fffffffu;
  if (p > INF) { return vec2<u32>(0x7ff80000u, 0u); }
  if (p == INF) { return vec2<u32>(s | 0x7ff00000u, 0u); }
  if (p == 0u) { return vec2<u32>(s, 0u); }
  let m = significand(p) & 0x7fffffu;
  return vec2<u32>(s | (u32(exponent(p) + 896) << 20u) | (m >> 3u), m << 29u);
}

// Sums of f32 values never come near the end of the range of f64, and are no subnormals of it.
fn double_add(a : vec2<u32>, b : vec2<u32>) -> vec2<u32> {
  var x = a;
  var y = b;
  let large = vec2<u32>(a.x & 0x7fffffffu, b.x & 0x7fffffffu);
  if (large.x < large.y || (large.x == large.y && a.y < b.y)) { x = b; y = a; }
  let p = x.x & 0x7fffffffu;
  let q = y.x & 0x7fffffffu;
  if (p >= 0x7ff00000u) {
    if (q == 0x7ff00000u && x.x != y.x) { return vec2<u32>(0x7ff80000u, 0u); }
    return x;
  }
  if ((q | y.y) == 0u) {
    if ((p | x.y) == 0u) { return vec2<u32>(x.x & y.x, 0u); }
    return x;
  }
  let s = x.x & 0x80000000u;
  let e = i32(p >> 20u);
  // Significands with their leading bit at 62: ten bits below the last one.
  let m = vec2<u32>((((p & 0xfffffu) | 0x100000u) << 10u) | (x.y >> 22u), x.y << 10u);
  let n = shifted(vec2<u32>((((q & 0xfffffu) | 0x100000u) << 10u) | (y.y >> 22u), y.y << 10u), u32(e) - (q >> 20u));
  var r = vec2<u32>(0u, 0u);
  if (((x.x ^ y.x) & 0x80000000u) == 0u) {
    r.y = m.y + n.y;
    r.x = m.x + n.x + select(0u, 1u, r.y < m.y);
  } else {
    r.y = m.y - n.y;
    r.x = m.x - n.x - select(0u, 1u, m.y < n.y);
  }
  if ((r.x | r.y) == 0u) { return vec2<u32>(0u, 0u); }
  var f = e;
  if ((r.x >> 31u) != 0u) {
    r = shifted(r, 1u);
    f = f + 1;
  } else {
    if (r.x == 0u) {
      r = vec2<u32>(r.y >> 1u, r.y << 31u);
      f = f - 31;
    }
    let z = countLeadingZeros(r.x) - 1u;
    if (z > 0u) {
      r = vec2<u32>((r.x << z) | (r.y >> (32u - z)), r.y << z);
      f = f - i32(z);
    }
  }
  let low = r.y & 1023u;
  var t = vec2<u32>(r.x >> 10u, (r.y >> 10u) | (r.x << 22u));
  if (low > 512u || (low == 512u && (t.y & 1u) == 1u)) {
    t.y = t.y + 1u;
    if (t.y == 0u) { t.x = t.x + 1u; }
  }
  return vec2<u32>(s | ((u32(f - 1) << 20u) + t.x), t.y);
}

fn single_of(a : vec2<u32>) -> u32 {
  let s = a.x & 0x80000000u;
  let p = a.x & 0x7fffffffu;
  if (p >= 0x7ff00000u) { return select(s | INF, QUIET, p > 0x7ff00000u || a.y != 0u); }
  if ((p | a.y) == 0u) { return s; }
  let m = (((p & 0xfffffu) | 0x100000u) << 5u) | (a.y >> 27u);
  return pack(s, i32(p >> 20u) - 896, m | select(0u, 1u, (a.y & 0x7ffffffu) != 0u));
}

fn fn_sumClear(x : f32) -> f32 {
  accumulator = vec2<u32>(0u, 0u);
  return x;
}
fn fn_sumSingle(x : f32) -> f32 {
  accumulator = double_add(accumulator, double_of(bitcast<u32>(x)));
  return x;
}
fn double_from(x : f32, y : f32, z : f32) -> vec2<u32> {
  return vec2<u32>((u32(x) << 10u) | (u32(y) >> 11u), (u32(y) << 21u) | u32(z));
}
fn fn_sumDouble(x : f32, y : f32, z : f32) -> f32 {
  accumulator = double_add(accumulator, double_from(x, y, z));
  return x;
}
fn fn_sumChunk(a : f32, b : f32, c : f32, d : f32, e : f32, f : f32, g : f32, h : f32, i : f32, j : f32, k : f32, l : f32) -> f32 {
  let even = double_add(double_from(a, b, c), double_from(g, h, i));
  let odd = double_add(double_from(d, e, f), double_from(j, k, l));
  accumulator = double_add(accumulator, double_add(even, odd));
  return a;
}
fn fn_sumPart(part : i32) -> f32 {
  if (part == 0) { return f32(accumulator.x >> 10u); }
  if (part == 1) { return f32(((accumulator.x & 1023u) << 11u) | (accumulator.y >> 21u)); }
  return f32(accumulator.y & 0x1fffffu);
}
fn fn_sumRounded(x : f32) -> f32 { return hold(single_of(accumulator)); }
`
