// Plugin of typedoc: where an export is found. Comes in: what typedoc found of each package, the packages'
// manifests, the order of the README's table. Goes out: a page for each entry at a plain path, exports in
// groups that a reader looks for, parameters by name, the file that each export is in, an index of packages
// with what each is for.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  Application,
  Comment,
  ProjectReflection,
  ReferenceType,
  ReflectionGroup,
  ReflectionKind,
} from 'typedoc'
import { MarkdownPageEvent } from 'typedoc-plugin-markdown'
import { publishedEntries } from './entries.mjs'
import { manifestOf } from './manifests.mjs'
import { root } from './spawn.mjs'

/** @typedef {import('typedoc').DeclarationReflection} Export */

/** The packages as the README lists them: what is needed first comes first. */
const packages = [
  ...new Set(
    readFileSync(join(root, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| [`@lotion/'))
      .flatMap((line) => [...line.matchAll(/\]\((packages\/\w+)\)/g)].map(([, folder = '']) => folder)),
  ),
].map((folder) => ({ folder, manifest: manifestOf(folder) }))

/** Groups by the type that an export has or returns. @type {Readonly<Record<string, string>>} */
const groupOfType = {
  NumberFormat: 'Formats',
  Grid: 'Grids',
  ScaleRule: 'Scale rules',
  Packing: 'Packings',
  Noise: 'Noises',
  FisherEstimator: 'Fishers',
  Transformation: 'Optimizers and transformations',
  Method: 'Methods',
  Schedule: 'Schedules',
  Executor: 'Executors',
  Engine: 'Engines',
  LaneFn: 'Formulas',
  Lane: 'Formulas',
  Family: 'Families, by name',
}
const last = ['Types']
const first = ['Write your own', ...new Set(Object.values(groupOfType))]

/** @param {Export} child */
function groupOf(child) {
  if (child.name.startsWith('define')) return 'Write your own'
  const type = child.signatures?.[0]?.type ?? child.type
  const group = type instanceof ReferenceType ? groupOfType[type.name] : undefined
  if (group !== undefined) return group
  const [, folder] = /\/src\/([\w-]+)\//.exec(fileOf(child) ?? '') ?? []
  if (folder !== undefined && folder !== 'src')
    return `${folder[0]?.toUpperCase()}${folder.slice(1).replaceAll('-', ' ')}`
  if (child.kindOf([ReflectionKind.Interface, ReflectionKind.TypeAlias])) return 'Types'
  return child.kindOf(ReflectionKind.Variable) ? 'Values' : 'Functions and classes'
}

/** @param {Export} child */
const fileOf = (child) => (child.sources ?? child.signatures?.[0]?.sources)?.[0]?.fileName

const rank = (/** @type {string} */ title) =>
  last.includes(title) ? Infinity : first.includes(title) ? first.indexOf(title) : first.length

/** @param {Export} module */
function group(module) {
  /** @type {Map<string, ReflectionGroup>} */
  const groups = new Map()
  for (const child of module.children ?? []) {
    const title = groupOf(child)
    const found = groups.get(title) ?? new ReflectionGroup(title, module)
    found.children.push(child)
    groups.set(title, found)
  }
  module.groups = [...groups.values()].sort(
    (a, b) => rank(a.title) - rank(b.title) || a.title.localeCompare(b.title),
  )
}

/**
 * An argument that is taken apart at once has no name in the code: it is called by its type.
 * @param {Export} child
 */
function nameParameters(child) {
  for (const parameter of (child.signatures ?? []).flatMap(({ parameters = [] }) => parameters)) {
    if (parameter.defaultValue === '...') delete parameter.defaultValue
    if (!parameter.name.startsWith('__namedParameters')) continue
    const type = parameter.type instanceof ReferenceType ? parameter.type.name : 'Options'
    parameter.name = type.endsWith('Options') ? 'options' : `${type[0]?.toLowerCase()}${type.slice(1)}`
  }
}

/**
 * Say in which file of the repository an export is. A link, once the repository has
 * an address.
 * @param {Export} child @param {string} folder @param {string} repository
 */
function placeSources(child, folder, repository) {
  const base = repository.replace(/^git\+|\.git$/g, '')
  for (const source of [child, ...(child.signatures ?? [])].flatMap(({ sources = [] }) => sources)) {
    // Paths are from the folder that the package's entries have in common.
    const found = [`${folder}/src/`, `${folder}/`, 'packages/', ''].find((base) =>
      existsSync(join(root, base, source.fileName)),
    )
    source.fileName = /** @type {import('typedoc').NormalizedPath} */ (`${found ?? ''}${source.fileName}`)
    if (base === '') delete source.url
    else source.url = `${base}/blob/HEAD/${source.fileName}#L${source.line}`
  }
}

/**
 * What an entry is for: what its package's manifest says, or the first line of its source.
 * @param {string} module `@lotion/cpu/gemm`
 */
function purposeOf(module) {
  const found = packages.find(({ manifest }) => module === manifest.name)
  if (found) return `${found.manifest.description}.`
  const entry = publishedEntries().find(({ name }) => name === module)
  if (!entry) return undefined
  const source = join(root, entry.folder, entry.types.replace('/dist/', '/src/').replace('.d.ts', '.ts'))
  const [, purpose] = /^\/\/ The public surface of \S+: (.+\.)$/m.exec(readFileSync(source, 'utf8')) ?? []
  return purpose && `${purpose[0]?.toUpperCase()}${purpose.slice(1)}`
}

/** @param {readonly string[]} modules */
const index = (modules) => `# API

What each package exports, by entry. Formulas are written from the graphs that run.

${packages
  .map(({ manifest: { name, description } }) => {
    const also = modules
      .filter((module) => module.startsWith(`${name}/`))
      .map((entry) => {
        const purpose = purposeOf(entry)
        return `\n  - [${entry}](${entry}.md)${purpose ? `: ${purpose.replace(/\.$/, '')}` : ''}`
      })
      .join('')
    return `- [${name}](${name}.md): ${description}${also}`
  })
  .join('\n')}
`

/** @param {Application} app */
export function load(app) {
  const repository = manifestOf('.').repository?.url ?? ''
  const folders = new Map(publishedEntries().map(({ name, folder }) => [name, folder]))
  /** @type {string[]} */
  let modules = []
  app.on(
    Application.EVENT_PROJECT_REVIVE,
    (project) => {
      const order = packages.map(({ manifest }) => manifest.name)
      const all = (project.children ?? []).flatMap((module) => {
        const inner = module.getChildrenByKind(ReflectionKind.Module)
        if (inner.length === 0) return [module]
        for (const entry of inner) entry.parent = project
        delete module.children
        delete module.childrenIncludingDocuments
        return inner
      })
      const place = (/** @type {Export} */ { name }) => order.indexOf(name.split('/').slice(0, 2).join('/'))
      project.children = all.sort((a, b) => place(a) - place(b) || a.name.length - b.name.length)
      project.childrenIncludingDocuments = project.children
      const listed = new ReflectionGroup('Modules', project)
      listed.children.push(...project.children)
      project.groups = [listed]
      modules = project.children.map(({ name }) => name)
      // Members are where their export is.
      for (const member of Object.values(project.reflections)) {
        const owner = member.isSignature() ? member.parent : member
        if (owner.parent?.kindOf(ReflectionKind.Module) !== true)
          delete (/** @type {Export} */ (member).sources)
      }
      for (const module of project.children) {
        const purpose = purposeOf(module.name)
        if (purpose !== undefined) {
          module.comment ??= new Comment()
          module.comment.summary.unshift({ kind: 'text', text: purpose })
        }
        const folder = folders.get(module.name) ?? ''
        for (const child of module.children ?? []) {
          nameParameters(child)
          placeSources(child, folder, repository)
        }
        group(module)
      }
    },
    -100,
  )
  app.renderer.on(MarkdownPageEvent.END, (page) => {
    if (page.model instanceof ProjectReflection) page.contents = index(modules)
  })
}
