// IEEE 754 single precision in WGSL, whatever the device rounds, contracts or flushes: integers decide,
// hardware helps. Comes in: a choice. Goes out: WGSL functions. Source: docs/design/08-gpu.md; IEEE 754-2019
// §4.3.1 (round to nearest even).

const core = (zero: string): string => `
const QUIET : u32 = 0x7fc00000u;
const INF : u32 = 0x7f800000u;

fn hold(x : u32) -> f32 { return bitcast<f32>(x ^ (${zero})); }

// Round s · m · 2^(e − 152), m in [2^25, 2^26) with its last bit sticky, to nearest even.
fn pack(s : u32, e : i32, m : u32) -> u32 {
  if (e >= 255) { return s | INF; }
  var r = m;
  var base = 0u;
  if (e <= 0) {
    let n = u32(min(1 - e, 27));
    r = (m >> n) | select(0u, 1u, (m & ((1u << n) - 1u)) != 0u);
  } else {
    base = u32(e - 1) << 23u;
  }
  let low = r & 3u;
  r = r >> 2u;
  if (low > 2u || (low == 2u && (r & 1u) == 1u)) { r = r + 1u; }
  return s | (base + r);
}

// Significand in [2^23, 2^24) and exponent of a finite number that is not 0.
fn significand(a : u32) -> u32 {
  let m = a & 0x7fffffu;
  if ((a & INF) != 0u) { return m | 0x800000u; }
  return m << (countLeadingZeros(m) - 8u);
}
fn exponent(a : u32) -> i32 {
  let e = i32((a & INF) >> 23u);
  if (e != 0) { return e; }
  return 9 - i32(countLeadingZeros(a & 0x7fffffu));
}

fn add_bits(a : u32, b : u32) -> u32 {
  var x = a;
  var y = b;
  if ((x & 0x7fffffffu) < (y & 0x7fffffffu)) { x = b; y = a; }
  let p = x & 0x7fffffffu;
  let q = y & 0x7fffffffu;
  if (p > INF) { return QUIET; }
  if (p == INF) {
    if (q == INF && x != y) { return QUIET; }
    return x;
  }
  if (q == 0u) {
    if (p == 0u) { return x & y; }
    return x;
  }
  let s = x & 0x80000000u;
  let e = exponent(p);
  let d = u32(e - exponent(q));
  let m = significand(p) << 6u;
  var n = significand(q) << 6u;
  if (d > 30u) { n = 1u; } else { n = (n >> d) | select(0u, 1u, (n & ((1u << d) - 1u)) != 0u); }
  var r = 0u;
  if (((x ^ y) & 0x80000000u) == 0u) { r = m + n; } else { r = m - n; }
  if (r == 0u) { return 0u; }
  let lead = 31 - i32(countLeadingZeros(r));
  if (lead > 25) {
    let k = u32(lead - 25);
    r = (r >> k) | select(0u, 1u, (r & ((1u << k) - 1u)) != 0u);
  } else {
    r = r << u32(25 - lead);
  }
  return pack(s, e + lead - 29, r);
}

fn mul_bits(a : u32, b : u32) -> u32 {
  let s = (a ^ b) & 0x80000000u;
  let p = a & 0x7fffffffu;
  let q = b & 0x7fffffffu;
  if (p > INF || q > INF) { return QUIET; }
  if (p == INF || q == INF) {
    if (p == 0u || q == 0u) { return QUIET; }
    return s | INF;
  }
  if (p == 0u || q == 0u) { return s; }
  let m = significand(p);
  let n = significand(q);
  let e = exponent(p) + exponent(q) - 127;
  // The 48-bit product in two words.
  let middle = (m >> 16u) * (n & 0xffffu) + (m & 0xffffu) * (n >> 16u);
  let bottom = (m & 0xffffu) * (n & 0xffffu);
  let low = bottom + (middle << 16u);
  let high = (m >> 16u) * (n >> 16u) + (middle >> 16u) + select(0u, 1u, low < bottom);
  if (high >= 0x8000u) {
    return pack(s, e + 1, (high << 10u) | (low >> 22u) | select(0u, 1u, (low & 0x3fffffu) != 0u));
  }
  return pack(s, e, (high << 11u) | (low >> 21u) | select(0u, 1u, (low & 0x1fffffu) != 0u));
}

fn div_bits(a : u32, b : u32) -> u32 {
  let s = (a ^ b) & 0x80000000u;
  let p = a & 0x7fffffffu;
  let q = b & 0x7fffffffu;
  if (p > INF || q > INF) { return QUIET; }
  if (p == INF) {
    if (q == INF) { return QUIET; }
    return s | INF;
  }
  if (q == 0u) {
    if (p == 0u) { return QUIET; }
    return s | INF;
  }
  if (p == 0u || q == INF) { return s; }
  let m = significand(p);
  let n = significand(q);
  let less = m < n;
  let shift = select(25u, 26u, less);
  let scale = select(33554432.0, 67108864.0, less);
  // Off by a few: the exact remainder, modulo 2^32, says by how many.
  var t = u32(f32(m) / f32(n) * scale);
  var r = bitcast<i32>((m << shift) - t * n);
  for (var i = 0; i < 64 && r < 0; i++) { t = t - 1u; r = r + i32(n); }
  for (var i = 0; i < 64 && r >= i32(n); i++) { t = t + 1u; r = r - i32(n); }
  return pack(s, exponent(p) - exponent(q) + select(127, 126, less), t | select(0u, 1u, r != 0));
}

fn sqrt_bits(a : u32) -> u32 {
  let p = a & 0x7fffffffu;
  if (p == 0u) { return a; }
  if (p > INF || a != p) { return QUIET; }
  if (p == INF) { return INF; }
  let e = exponent(p) - 127;
  let odd = (e & 1) != 0;
  let m = select(significand(p), significand(p) << 1u, odd);
  // √(m · 2^25) has 24 or 25 bits before the point.
  var t = u32(sqrt(f32(m)) * 5792.61865);
  var r = bitcast<i32>((m << 25u) - t * t);
  for (var i = 0; i < 64 && r < 0; i++) { t = t - 1u; r = r + i32(2u * t + 1u); }
  for (var i = 0; i < 64 && r > i32(2u * t); i++) { r = r - i32(2u * t + 1u); t = t + 1u; }
  return pack(0u, ((e - select(0, 1, odd)) / 2) + 127, (t << 1u) | select(0u, 1u, r != 0));
}

fn fn_fbinade(x : f32) -> f32 {
  let a = bitcast<u32>(x) & 0x7fffffffu;
  if (a >= INF) { return hold(a); }
  if (a >= 0x800000u) { return hold(a & INF); }
  if (a == 0u) { return hold(0u); }
  return hold(1u << (31u - countLeadingZeros(a)));
}

fn fn_unbits(x : i32) -> f32 { return hold(bitcast<u32>(x)); }
fn fn_quotient(a : i32, b : i32) -> i32 { return a / b; }
`

const EXACT_DIVISION =
  'fn fn_fdiv(x : f32, y : f32) -> f32 { return hold(div_bits(bitcast<u32>(x), bitcast<u32>(y))); }'
const EXACT_ROOT = 'fn fn_fsqrt(x : f32) -> f32 { return hold(sqrt_bits(bitcast<u32>(x))); }'

const EXACT_ARITHMETIC = `
fn fn_fadd(x : f32, y : f32) -> f32 { return hold(add_bits(bitcast<u32>(x), bitcast<u32>(y))); }
fn fn_fsub(x : f32, y : f32) -> f32 { return hold(add_bits(bitcast<u32>(x), bitcast<u32>(y) ^ 0x80000000u)); }
fn fn_fmul(x : f32, y : f32) -> f32 { return hold(mul_bits(bitcast<u32>(x), bitcast<u32>(y))); }
${EXACT_DIVISION}
${EXACT_ROOT}
fn fn_fabs(x : f32) -> f32 { return hold(bitcast<u32>(x) & 0x7fffffffu); }

fn fn_ffloor(x : f32) -> f32 {
  let a = bitcast<u32>(x);
  let e = (a & INF) >> 23u;
  if (e >= 150u || (a & 0x7fffffffu) == 0u) { return hold(a); }
  if (e < 127u) { return hold(select(0u, 0xbf800000u, (a >> 31u) != 0u)); }
  let fraction = 0x7fffffu >> (e - 127u);
  return hold((a + select(0u, fraction, (a >> 31u) != 0u)) & ~fraction);
}

fn fn_fless(x : f32, y : f32) -> bool {
  let a = bitcast<u32>(x);
  let b = bitcast<u32>(y);
  let p = a & 0x7fffffffu;
  let q = b & 0x7fffffffu;
  if (p > INF || q > INF) { return false; }
  return select(i32(p), -i32(p), (a >> 31u) != 0u) < select(i32(q), -i32(q), (b >> 31u) != 0u);
}
// A choice between bits: the same number, never a flushed one.
fn fn_fpick(yes : bool, x : f32, y : f32) -> f32 { return hold(select(bitcast<u32>(y), bitcast<u32>(x), yes)); }
`

const OWN_ARITHMETIC = `
fn fn_fadd(x : f32, y : f32) -> f32 { return hold(bitcast<u32>(x + y)); }
fn fn_fsub(x : f32, y : f32) -> f32 { return hold(bitcast<u32>(x - y)); }
fn fn_fmul(x : f32, y : f32) -> f32 { return hold(bitcast<u32>(x * y)); }
fn fn_fabs(x : f32) -> f32 { return abs(x); }
fn fn_ffloor(x : f32) -> f32 { return floor(x); }
fn fn_fless(x : f32, y : f32) -> bool { return x < y; }
fn fn_fpick(yes : bool, x : f32, y : f32) -> f32 { return select(y, x, yes); }
`

/** Whether an operation is the device's own, or computed in integers. */
export interface ArithmeticChoice {
  /** Sums, products and comparisons. */
  readonly exact: boolean
  readonly exactDivision: boolean
  readonly exactRoot: boolean
  /** A `u32` expression that is 0, but only known to be when the kernel runs. */
  readonly zero: string
}

/**
 * Functions on f32. In integers every result is correctly rounded, subnormals included: WGSL promises exact
 * integers, `/` within 2.5 ulp and `sqrt` within about 5, so quotients and roots are estimated in floating
 * point and corrected by their exact residual. The device's own operations may flush subnormals; their
 * results pass through `hold`, which no compiler can fuse or reassociate across, because it depends on a
 * number that is only known when the kernel runs.
 */
export function wgslArithmetic(choice: ArithmeticChoice): string {
  if (choice.exact) return core(choice.zero) + EXACT_ARITHMETIC
  // A divisor that is known beforehand would be turned into a factor, which rounds twice.
  const division =
    'fn fn_fdiv(x : f32, y : f32) -> f32 { return hold(bitcast<u32>(x / hold(bitcast<u32>(y)))); }'
  const root = 'fn fn_fsqrt(x : f32) -> f32 { return hold(bitcast<u32>(sqrt(x))); }'
  return [
    core(choice.zero),
    OWN_ARITHMETIC,
    choice.exactDivision ? EXACT_DIVISION : division,
    choice.exactRoot ? EXACT_ROOT : root,
  ].join('\n')
}
