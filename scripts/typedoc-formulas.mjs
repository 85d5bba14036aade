// Plugin of typedoc: what is exported shows its formula, written from the graph that runs. Comes in: the
// built packages, what typedoc found of each. Goes out: a `Formula` of every plug-in and of every function
// that computes with lanes.
import { Application, CommentTag, Comment, ReflectionKind, ReferenceType } from 'typedoc'
import { display, legend } from './formula-html.mjs'
import { formulaOf } from './formulas.mjs'

/** A formula of more lines is folded away. */
const LONG = 16

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
        const formula = tried(app, () =>
          formulaOf(child.name, exports ?? {}, signature && typesOf(signature)),
        )
        if (!formula) continue
        const owner = signature ?? child
        owner.comment ??= new Comment()
        owner.comment.blockTags.push(new CommentTag('@formula', [{ kind: 'text', text: written(formula) }]))
      }
    }
  })
}

/**
 * A formula that cannot be written, such as one with a name that has no meaning, is an error of the build.
 * @template T
 * @param {Application} app @param {() => T} write
 */
function tried({ logger }, write) {
  try {
    return write()
  } catch (error) {
    logger.error(/** @type {import('typedoc').TranslatedString} */ (`formula: ${String(error)}`))
    return undefined
  }
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

/** @param {import('./formulas.mjs').Formula} formula */
function written({ tex, lines, where, notes }) {
  const block = `<div class="formula" tabindex="0" role="group" aria-label="formula" v-pre>${display(tex)}</div>`
  const shown = lines > LONG ? `<details>\n<summary>${lines} lines</summary>\n${block}\n</details>` : block
  return [shown, [...notes, legend(where, 'v-pre')].join(' ').trim()].join('\n\n')
}
