// Parameters by patterns of their names. Comes in: a regular expression or words with stars. Goes out: a test
// of names.
// Source: docs/design/03-formats-and-methods.md (formats by parameter).

import { shownValue } from '@lotion/core/internal'

/**
 * Names of parameters. Text stands for whole parts of a name between dots or slashes, wherever they are, and
 * `*` in it for any characters: `embed` is found in `embed.weight` and `model/embed`, not in `embedding`;
 * `mlp.*` in `layers.0.mlp.up.weight`; a dot is a slash too. A regular expression is searched for.
 */
export type NamePattern = string | RegExp

/**
 * Make the test of a pattern.
 * @throws TypeError naming `what`, if it is none.
 */
export function patternTest(what: string, pattern: NamePattern): (name: string) => boolean {
  const given: unknown = pattern
  // `search` ignores the position that a global expression remembers between tests.
  if (given instanceof RegExp) return (name) => name.search(given) >= 0
  if (typeof given !== 'string' || given === '')
    throw new TypeError(
      `${what}: expected a pattern of names, such as 'mlp.*' or /mlp/, found ${shownValue(given)}`,
    )
  const escaped = given
    .split('*')
    .map((text) => text.replaceAll(/[$()+?[\\\]^{|}]/g, String.raw`\$&`).replaceAll(/[./]/g, '[./]'))
  const whole = new RegExp(`(^|[./])${escaped.join('.*')}($|[./])`, 's')
  return (name) => whole.test(name)
}

/** A pattern as it was written. */
export const patternText = (pattern: NamePattern): string =>
  typeof pattern === 'string' ? `'${pattern}'` : String(pattern)
