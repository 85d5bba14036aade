// Formulas as HTML, for the pages of the API and of the guide. Comes in: TeX, and what its symbols mean. Goes
// out: HTML that browsers draw themselves.
import katex from 'katex'

/**
 * MathML alone: KaTeX's own HTML is five times as long. The TeX in it would only weigh.
 * @param {string} tex @param {boolean} [displayMode]
 */
export const math = (tex, displayMode = false) =>
  katex
    .renderToString(tex, { displayMode, strict: 'error', output: 'mathml' })
    .replace(/<annotation[^>]*>[\s\S]*?<\/annotation>/, '')

/** The lines of a formula, below each other. @param {string} tex */
export const display = (tex) => math(`\\begin{aligned}\n${tex}\n\\end{aligned}`, true)

/**
 * One sentence of all meanings, with symbols in place of `$…$`.
 * @param {readonly string[]} where @param {string} [attributes] of a symbol, such as Vue's `v-pre`
 */
export const legend = (where, attributes = '') =>
  where.length === 0
    ? ''
    : `Here ${where.join('; ')}.`.replaceAll(
        /\$([^$]+)\$/g,
        (_, symbol) => `<span ${attributes}>${math(symbol)}</span>`,
      )
