// What pages of the guide tell a reader to type. Comes in: Markdown. Goes out: commands in their order, with
// what they are said to print; which printed lines differ. Pure, so that it can be tested.

/**
 * A line of commands, and the lines that the page shows of what is printed; none are shown of a plain block.
 * @typedef {object} Told
 * @property {string} command
 * @property {number} status with which it ends: 0 unless the block says another, `text status 1`
 * @property {readonly string[]} [shown]
 * @property {number} line
 */

/**
 * List what is told: `sh` blocks as they are, unless marked `no-run`, and `text` blocks that begin with
 * `$ command`. `line` is that of the opening fence, counted from 1.
 * @param {string} markdown
 * @returns {Told[]}
 */
export function toldCommands(markdown) {
  const blocks = markdown.matchAll(
    /^```(?<info>sh|text|sh no-run)(?: status (?<status>\d+))?\n(?<body>[\s\S]*?)^```$/gm,
  )
  return [...blocks].flatMap(({ index, groups }) => {
    const { info, body = '' } = groups ?? {}
    const status = Number(groups?.['status'] ?? 0)
    const line = markdown.slice(0, index).split('\n').length
    if (info === 'sh') return [{ command: body, status, line }]
    const [first = '', ...shown] = body.trimEnd().split('\n')
    return info === 'text' && first.startsWith('$ ') ? [{ command: first.slice(2), status, shown, line }] : []
  })
}

/**
 * Take the lines of a block that make a run in the folder `my`, from its first to the training: the
 * beginning of pages that go on with that run.
 * @param {string} command
 * @returns {string | undefined}
 */
export function beginning(command) {
  return /^mkdir -p my && .* && cd my\n[^\n]* train [^\n]*\n/.exec(command)?.[0]
}

/**
 * List the code that a page shows, in order.
 * @param {string} markdown @returns {string[]}
 */
export function shownCode(markdown) {
  const blocks = markdown.matchAll(/^```[^\n]*\n(?<body>[\s\S]*?)^```$/gm)
  return [...blocks].map(({ groups }) => groups?.['body'] ?? '')
}

/**
 * Find the first shown line that was not printed after the ones before it. A shown line that ends in `…` is
 * the beginning of a printed one; a line `…` alone stands for any number of them.
 * @param {readonly string[]} shown @param {string} printed
 * @returns {string | undefined}
 */
export function notPrinted(shown, printed) {
  const lines = printed.trimEnd().split('\n')
  let at = 0
  let skips = false
  for (const line of shown) {
    if (line.trim() === '…') {
      skips = true
      continue
    }
    const isIt = (/** @type {string} */ found) =>
      line.endsWith('…') ? found.startsWith(line.slice(0, -1)) : found.trimEnd() === line.trimEnd()
    const found = skips ? lines.findIndex((each, i) => i >= at && isIt(each)) : at
    if (found < 0 || !isIt(lines[found] ?? '')) return line
    at = found + 1
    skips = false
  }
  return skips || at === lines.length ? undefined : 'the end of what is printed'
}
