// What a check may leave out. Comes in: the name of what is missing here. Goes out: whether that may pass. At
// a desk it is said and passes; where CI is set it fails, but for what nobody builds for this system.

/**
 * What has no build, by system: nothing else is missing where CI runs.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const absent = {
  'linux-arm': ['bun', 'deno'],
  'linux-ppc64': ['bun', 'deno'],
  'linux-s390x': ['bun', 'deno'],
}

/**
 * @param {string} name `chromium`, `deno`
 * @returns {boolean}
 */
export function maySkip(name) {
  const inCi = !['', 'false', '0'].includes(process.env['CI'] ?? '')
  return !inCi || (absent[`${process.platform}-${process.arch}`] ?? []).includes(name)
}
