// Plugin of typedoc: what is exported shows its formula, written from the graph that runs. Comes in: the
// built packages, what typedoc found of each. Goes out: a `Formula` of every plug-in and of every function
// that computes with lanes.
import katex from 'katex'
import { Application, CommentTag, Comment, ReflectionKind, ReferenceType } from 'typedoc'
import { formulaOf } from './formulas.mjs'

/** A formula of more lines is folded away. */
const LONG = 14

/** @param {Application} app */
export async function load(app) {
  /** Packages by name. @type {Map<string, Record<string, unknown>>} */
  const loaded = new Map()
  for (const name of ['core', 'formats', 'noise', 'fisher', 'optim'])
    loaded.set(`@lotion/${name}`, await import(`@lotion/${name}`))
  app.on(Application.EVENT_PROJECT_REVIVE, (project) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      const exports = loaded.get(module.name)
      for (const child of (exports && /** @type {any} */ (module).children) ?? []) {
        const [signature] = child.signatures ?? []
        const formula = formulaOf(child.name, exports ?? {}, signature && typesOf(signature))
        if (!formula) continue
        const owner = signature ?? child
        owner.comment ??= new Comment()
        owner.comment.blockTags.push(new CommentTag('@formula', [{ kind: 'text', text: written(formula) }]))
      }
    }
  })
}

/** @param {import('typedoc').SignatureReflection} signature */
const typesOf = ({ parameters = [], type }) => ({
  parameters: parameters
    .filter(({ flags }) => !flags.isOptional)
    .map((parameter) => ({ name: parameter.name, type: nameOf(parameter.type) })),
  returns: nameOf(type),
})

/** @param {import('typedoc').SomeType | undefined} type */
const nameOf = (type) => (type instanceof ReferenceType ? type.name : '')

/**
 * MathML alone, which browsers draw themselves: KaTeX's own HTML is five times as long. The TeX in it would
 * only weigh.
 * @param {string} tex @param {boolean} [displayMode]
 */
const math = (tex, displayMode = false) =>
  katex
    .renderToString(tex, { displayMode, strict: 'error', output: 'mathml' })
    .replace(/<annotation[^>]*>[\s\S]*?<\/annotation>/, '')

/** @param {import('./formulas.mjs').Formula} formula */
function written({ tex, lines, where, given }) {
  const display = math(`\\begin{aligned}\n${tex}\n\\end{aligned}`, true)
  const block = `<div class="formula" tabindex="0" role="group" aria-label="formula" v-pre>${display}</div>`
  const shown = lines > LONG ? `<details>\n<summary>${lines} lines</summary>\n${block}\n</details>` : block
  const meanings = where.map((each) =>
    each.replaceAll(/\$([^$]+)\$/g, (_, symbol) => `<span v-pre>${math(symbol)}</span>`),
  )
  const legend = [
    ...(given.length > 0 ? [`With the defaults: ${given.join(', ')}.`] : []),
    ...(meanings.length > 0 ? [`Here ${meanings.join('; ')}.`] : []),
  ]
  return [shown, legend.join(' ')].join('\n\n')
}
