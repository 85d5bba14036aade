// Plugin of typedoc: what an entry exports again from another takes no room. Comes in: what typedoc found of
// each package. Goes out: the same, with one sentence of links in place of a heading each.
import { Application, Comment, ReflectionKind } from 'typedoc'

/** @typedef {import('typedoc').DeclarationReflection} Export */

/** @param {Application} app */
export function load(app) {
  app.on(
    Application.EVENT_PROJECT_REVIVE,
    (project) => {
      for (const module of project.getReflectionsByKind(ReflectionKind.Module))
        shorten(/** @type {Export} */ (module), project)
    },
    -50,
  )
}

/** @param {Export} module @param {import('typedoc').ProjectReflection} project */
function shorten(module, project) {
  const again = (module.children ?? []).flatMap((child) => {
    const target = child.isReference() ? child.tryGetTargetReflectionDeep() : undefined
    return target ? [{ child, target }] : []
  })
  if (again.length === 0) return
  module.comment ??= new Comment()
  module.comment.summary.push({ kind: 'text', text: '\n\nAlso from here: ' })
  again.forEach(({ child, target }, i) => {
    module.comment?.summary.push(
      ...(i > 0 ? [/** @type {const} */ ({ kind: 'text', text: ', ' })] : []),
      { kind: 'inline-tag', tag: '@link', text: child.name, target },
    )
    project.removeReflection(child)
  })
  module.comment.summary.push({ kind: 'text', text: '.' })
}
