// Plugin of typedoc: modules are named as a reader imports them, and none is left out. Comes in: the
// packages' manifests, what typedoc found of each package. Goes out: `@lotion/tfjs/wasm` for the module of an
// entry; an error for a public entry that is not among them.
// Internal entries are kept away by a condition of their manifests: `"typedoc": null`.
import { Application, Converter, ReflectionKind } from 'typedoc'
import { publicEntries } from './entries.mjs'

/** @param {Application} app */
export function load(app) {
  // A package with one entry is that entry; with more it holds a module for each, named by its subpath: '',
  // 'wasm'.
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getChildrenByKind(ReflectionKind.Module))
      module.name = [project.packageName, module.name].filter(Boolean).join('/')
  })
  app.on(Application.EVENT_PROJECT_REVIVE, (project) => {
    const seen = project
      .getChildrenByKind(ReflectionKind.Module)
      .flatMap((member) => [member, ...member.getChildrenByKind(ReflectionKind.Module)])
      .filter(({ children = [] }) => children.some(({ kind }) => kind !== ReflectionKind.Module))
      .map(({ name }) => name)
    for (const { name: entry } of publicEntries())
      if (!seen.includes(entry))
        app.logger.error(
          /** @type {import('typedoc').TranslatedString} */ (
            `${entry} is exported, and is not in the documentation: see exclude and entryPoints in typedoc.json`
          ),
        )
  })
}
