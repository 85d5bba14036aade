// Plugin of typedoc: parameters have words. Comes in: what typedoc found of each package. Goes out: an error
// with the names of the entry, the export and the parameter for each that a caller hands over by position and
// no `@param` describes. Where a doc comment has one, its page shows what it is, its shape and its unit.
import { Application, ReferenceType, ReflectionKind } from 'typedoc'

const called = [ReflectionKind.CallSignature, ReflectionKind.ConstructorSignature]
const owners = [ReflectionKind.Function, ReflectionKind.Method, ReflectionKind.Constructor]

/**
 * Options are described member by member, where their type is: it is exported, and its name says what it is.
 * @param {import('typedoc').ParameterReflection} parameter
 */
const isOptions = ({ name, type }) =>
  type instanceof ReferenceType &&
  type.reflection !== undefined &&
  (name === 'options' || (name.startsWith('__namedParameters') && type.name.endsWith('Options')))

/**
 * Names from the entry down: `['@lotion/core', 'Grid', 'around']`.
 * @param {import('typedoc').Reflection} reflection
 * @returns {readonly string[]}
 */
function placeOf({ kind, name, parent }) {
  if (kind === ReflectionKind.Module || !parent) return [name]
  return [...placeOf(parent), ...(name === '__type' ? [] : [name])]
}

/**
 * List parameters without words: `@lotion/optim: clipByGlobalNorm(limit)`.
 * @param {import('typedoc').ProjectReflection} project
 * @returns {readonly string[]}
 */
export function withoutWords(project) {
  const signatures = /** @type {import('typedoc').SignatureReflection[]} */ (
    Object.values(project.reflections).filter((each) => each.kindOf(called) && each.parent?.kindOf(owners))
  )
  return signatures
    .filter((signature) => !signature.inheritedFrom && !signature.parent.flags.isPrivate)
    .flatMap((signature) => {
      const [module, ...names] = placeOf(signature.parent)
      return (signature.parameters ?? [])
        .filter((parameter) => !isOptions(parameter) && !parameter.comment?.hasVisibleComponent())
        .map((parameter) => `${module}: ${names.join('.')}(${parameter.name})`)
    })
}

/** @param {Application} app */
export function load(app) {
  app.on(
    Application.EVENT_PROJECT_REVIVE,
    (project) => {
      for (const found of withoutWords(project))
        app.logger.error(
          /** @type {import('typedoc').TranslatedString} */ (
            `${found} has no description: expected a line '@param name …' in its doc comment`
          ),
        )
    },
    100,
  )
}
