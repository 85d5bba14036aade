// Plugin of typedoc: what is not ours takes no room. Comes in: what typedoc found of each package. Goes out:
// the same without the members that our errors inherit from JavaScript's and Node's; what an entry exports
// again from another is one sentence with links, not a heading each.
import { Application, Comment, ReflectionKind } from 'typedoc'

/** @typedef {import('typedoc').DeclarationReflection} Export */

/** @param {Application} app */
export function load(app) {
  app.on(
    Application.EVENT_PROJECT_REVIVE,
    (project) => {
      for (const owner of project.getReflectionsByKind(ReflectionKind.Class | ReflectionKind.Interface))
        for (const member of (/** @type {Export} */ (owner).children ?? []).filter(isOfOthers))
          project.removeReflection(member)
      for (const module of project.getReflectionsByKind(ReflectionKind.Module))
        shorten(/** @type {Export} */ (module), project)
    },
    -50,
  )
}

/** Whether a member is inherited from JavaScript, Node or another library. @param {Export} member */
function isOfOthers({ inheritedFrom, sources, signatures = [] }) {
  const places = [...(sources ?? []), ...signatures.flatMap((signature) => signature.sources ?? [])]
  const isBuiltIn = /^(?:\w*Error|Array|Map|Set|Promise)\./.test(inheritedFrom?.name ?? '')
  return (
    inheritedFrom !== undefined &&
    (isBuiltIn || places.some(({ fileName }) => fileName.includes('node_modules/')))
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
