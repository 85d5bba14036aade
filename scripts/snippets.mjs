// Code blocks of documents. Comes in: Markdown. Goes out: the blocks that must run. Pure, so that it can be tested.

/** @typedef {{ readonly language: 'ts' | 'js' | 'sh', readonly code: string, readonly line: number }} Snippet */

/**
 * List the executable blocks of a document: every `ts` and `js` block not marked `no-run`, and every `sh` block
 * marked `run`. `line` is that of the opening fence, counted from 1.
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
    if (shell ? !marks.includes('run') : marks.includes('no-run')) return []
    return [{ language, code: groups?.['code'] ?? '', line: markdown.slice(0, index).split('\n').length }]
  })
}
