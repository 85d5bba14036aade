// Numbers as people read them in tables and lines. Comes in: a number. Goes out: text.
// Source: three or four significant digits, never an exponent where digits say it as shortly.

/** Write a number with a given count of significant digits: `0.0102`, `31200`, `2.04e-5`; `–` for null. */
export function significant(value: number | null, digits = 3): string {
  if (value === null) return '–'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (!Number.isFinite(value) || size < 1e-3 || size >= 1e7) return value.toExponential(digits - 1)
  const shown = value.toPrecision(digits)
  return shown.includes('e') ? String(Math.round(value)) : shown
}

/** Write a mean with its spread: `0.0102 ± 0.0029`; the mean alone where there is no spread. */
export function meanAndSpread(mean: number, std: number | null): string {
  return std === null ? significant(mean) : `${significant(mean)} ± ${significant(std, 2)}`
}

/** Write a rate: `940`, `31.2k`, `1.05M`. */
export function rate(perSecond: number): string {
  for (const [unit, name] of [
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    // From 999.95k on, three digits would read 1000k.
    if (perSecond >= unit * 0.9995) return `${(perSecond / unit).toPrecision(3)}${name}`
  }
  return String(Math.round(perSecond))
}

/** Write a duration as a clock shows it: `00:41`, `12:05`, `1:02:07`; `--:--` if it is not known. */
export function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return '--:--'
  const whole = Math.max(0, Math.round(seconds))
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return `${hours > 0 ? `${hours}:` : ''}${two(minutes)}:${two(whole % 60)}`
}
