// Numbers in the prose of a page. Comes in: Markdown; phrases whose numbers a test has held to what they are
// numbers of. Goes out: the measured numbers (with a unit, a share, a ±) that nothing holds.

const words =
  'two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|twenty|fifty|hundred|thousand|million|half'
const units = [
  '%|×|ms|µs|s|seconds?|minutes?|hours?|days?',
  '[kMG]?B|M bytes|bytes?|bits?|dB|nats?',
  'times|cores?|lines?|digits|steps?|seeds?|pages?|MB|million|parameters?|M-parameter|k-parameter|weights|tokens',
  'examples|dispatches|GPU dispatches|of \\d+',
].join('|')
const pattern = new RegExp(
  `(?<![\\w.])(?:±\\s?[\\d.]+|(?:[−-]?(?:\\d[\\d.,]*|\\.\\d+)|\\b(?:${words}))[ \\u00a0-]?(?:${units})(?![\\w]))`,
  'gi',
)

/** Numbers that define what they stand beside, and measure nothing. */
const definitions = [
  '4-bit',
  '4 bits',
  '8 bits',
  '16 bits',
  // The heading of the first page, and what it is for.
  '5 minutes',
  // An example of what to say.
  '32 examples',
]

/** A page's words, without what is generated or run: blocks of code. */
export interface Prose {
  /** Say that a test holds the numbers of this phrase; an error if the page has no such phrase. */
  told(phrase: string): void
  /** List what is left. */
  open(): readonly string[]
}

/** Read a page. */
export function proseOf(markdown: string): Prose {
  const text = plain(markdown)
  let left = text
  return {
    told(phrase) {
      if (!text.includes(phrase)) throw new Error(`expected the page to say '${phrase}', found no such words`)
      left = left.replaceAll(phrase, '·')
    },
    open() {
      const bare = left
        .replaceAll(/`[^`]*`/g, '`')
        .replaceAll(/\]\([^)]*\)/g, ']')
        .replaceAll(/\$[^$]*\$/g, '$')
      return [...bare.matchAll(pattern)]
        .map(([found]) => found)
        .filter((found) => !definitions.includes(found))
    },
  }
}

/** Leave out fenced and indented blocks and comments, and break no lines. */
const plain = (markdown: string): string =>
  markdown
    .replaceAll(/^(`{3,})[\s\S]*?^\1[ \t]*$/gm, '')
    .replaceAll(/^ {4}.*$/gm, '')
    .replaceAll(/<!--[\s\S]*?-->/g, '')
    .replaceAll(/\s+/g, ' ')
