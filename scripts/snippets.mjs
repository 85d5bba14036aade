// What documents promise. Comes in: Markdown. Goes out: the code blocks that must run and the files that must
// exist. Pure, so that it can be tested.

/**
 * @typedef {{ readonly language: 'ts' | 'js' | 'sh', readonly code: string, readonly line: number }} Snippet
 */

/**
 * List the executable blocks of a document: every `ts` and `js` block not marked `no-run: REASON` and no
 * copy of a file (`from FILE`), and every `sh` block marked `run`.
 * `line` is that of the opening fence, counted from 1.
 * @param {string} markdown
 * @returns {Snippet[]}
 */
export function executableSnippets(markdown) {
  const blocks = markdown.matchAll(/^(?<fence>`{3,})(?<info>[^\n`]*)\n(?<code>[\s\S]*?)^\k<fence>[ \t]*$/gm)
  return [...blocks].flatMap(({ index, groups }) => {
    const [name = '', ...marks] = (groups?.['info'] ?? '').trim().split(/\s+/)
    const language = name === 'typescript' ? 'ts' : name === 'javascript' ? 'js' : name
    const shell = language === 'sh'
    if (!shell && language !== 'ts' && language !== 'js') return []
    if (shell ? !marks.includes('run') : marks[0] === 'no-run:' && marks.length > 1) return []
    if (marks[0] === 'from') return []
    return [{ language, code: groups?.['code'] ?? '', line: markdown.slice(0, index).split('\n').length }]
  })
}

/**
 * List the programs that a document shows, as it names them: a block `ts from ../snippets/circle.ts`. Those
 * in a folder `broken` are meant to fail.
 * @param {string} markdown
 * @returns {string[]}
 */
export function includedFiles(markdown) {
  const names = [...markdown.matchAll(/^`{3,}ts from (?<path>\S+)$/gm)].map(
    ({ groups }) => groups?.['path'] ?? '',
  )
  return names.filter((path) => !path.includes('/broken/'))
}

/**
 * List the relative links of a document, without their anchors. Links inside code are not links.
 * @param {string} markdown
 * @returns {{ readonly target: string, readonly line: number }[]}
 */
export function relativeLinks(markdown) {
  const blank = (/** @type {string} */ code) => code.replaceAll(/[^\n]/g, ' ')
  const prose = markdown.replaceAll(/^(`{3,})[\s\S]*?^\1[ \t]*$/gm, blank).replaceAll(/`[^`\n]*`/g, blank)
  return [...prose.matchAll(/\]\((?<target>[^)\s#]+)[^)]*\)/g)].flatMap(({ index, groups }) => {
    const target = groups?.['target'] ?? ''
    return /^[a-z]+:/i.test(target) ? [] : [{ target, line: prose.slice(0, index).split('\n').length }]
  })
}

/**
 * List the lines that tell a reader to install a package of ours, or to run its command through npx, as if it
 * were published: those without the words "once published" (or "once it is", "once … are").
 * @param {string} markdown
 * @returns {{ readonly text: string, readonly line: number }[]}
 */
export function installsAtOnce(markdown) {
  return markdown
    .split('\n')
    .map((text, i) => ({ text: text.trim(), line: i + 1 }))
    .filter(({ text }) =>
      /\b(?:npm (?:i|install|add)|pnpm add|yarn add)\b.*@lotion\/|\bnpx lotion\b/.test(text),
    )
    .filter(({ text }) => !/\bonce\b.*\bpublished\b/.test(text))
}

/**
 * List the commands about plugins that a document shows in an indented block, without their comments, in
 * order.
 * @param {string} markdown
 * @returns {string[]}
 */
export function pluginCommands(markdown) {
  const lines = markdown.matchAll(/^ {4}(?<command>npm run -s lotion -- (?:new|verify) [^#\n]*)/gm)
  return [...lines].map(({ groups }) => (groups?.['command'] ?? '').trim())
}
