// Reports of the public API. Comes in: entries with built declarations. Goes out: for each the signatures and
// release tags of all that it exports, as text that is the same on every machine. Made by API Extractor.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CompilerState, Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import { root } from './spawn.mjs'

/** @typedef {import('./entries.mjs').Entry} Entry */
/** @typedef {{ readonly path: string, readonly text: string }} ApiReport Its path is relative to `base`. */

/**
 * Name the file of an entry's report: `packages/tfjs/api/wasm.api.md`.
 * @param {Entry} entry
 */
export const reportPath = ({ folder, subpath }) => `${folder}/api/${reportName(subpath)}.api.md`

/**
 * Names that signatures use and no entry exports, since readers need not write them; the reports show what
 * they stand for. Any other name that an entry's signatures use has to be exported by it.
 */
const unwritten = new Set(
  [
    // Arithmetic of types, which the compiler does.
    ['Named', 'NameOf', 'Observing', 'Part', 'Sparse', 'Told'],
    // Short names of types of tfjs.
    ['Tf', 'Tensor'],
    // Parts of other types, and what a type is derived from.
    ['Attributes', 'encodings', 'gridSchema', 'Metadata', 'ReadFile', 'Tensors'],
  ].flat(),
)

/** @param {string} subpath */
const reportName = (subpath) => (subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-'))

/**
 * Report what entries export. One compilation serves all of them.
 * @param {readonly Entry[]} entries
 * @param {string} [base] what their folders are relative to
 * @returns {readonly ApiReport[]}
 */
export function apiReports(entries, base = root) {
  const target = mkdtempSync(join(tmpdir(), 'lotion-api-'))
  try {
    const configurations = entries.map((entry) => configuration(entry, base, target))
    const [first, ...others] = configurations
    if (!first) return []
    const compilerState = CompilerState.create(first, {
      additionalEntryPoints: others.map(({ mainEntryPointFilePath }) => mainEntryPointFilePath),
    })
    return configurations.map((prepared, index) => {
      const entry = /** @type {Entry} */ (entries[index])
      /** @type {string[]} */ const problems = []
      Extractor.invoke(prepared, {
        compilerState,
        localBuild: true,
        messageCallback: (message) => {
          const [, forgotten] = /^The symbol "(\w+?)(?:_\d+)?" needs to be exported/.exec(message.text) ?? []
          if (message.logLevel === ExtractorLogLevel.Error && !unwritten.has(forgotten ?? ''))
            problems.push(message.formatMessageWithLocation(base))
          message.handled = true
        },
      })
      if (problems.length > 0) throw new Error(`no API report of ${entry.name}: ${problems.join('\n')}`)
      const path = reportPath(entry)
      return { path, text: plainText(entry, readFileSync(join(target, path), 'utf8')) }
    })
  } finally {
    rmSync(target, { recursive: true, force: true })
  }
}

/** @param {Entry} entry @param {string} base @param {string} target */
function configuration(entry, base, target) {
  const projectFolder = join(base, entry.folder)
  const folder = join(target, entry.folder, 'api')
  const silent = { default: { logLevel: ExtractorLogLevel.None } }
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(projectFolder, 'package.json'),
    configObject: {
      projectFolder,
      mainEntryPointFilePath: join(projectFolder, entry.types),
      newlineKind: 'lf',
      // Users' own settings, but for the condition that leads to the sources: reported is what is published.
      compiler: {
        overrideTsconfig: {
          extends: join(root, 'tsconfig.base.json'),
          compilerOptions: { customConditions: [] },
          files: [entry.types],
        },
      },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFolder: folder,
        reportTempFolder: join(folder, 'temp'),
        reportFileName: reportName(entry.subpath),
        tagsToReport: { '@experimental': true },
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // A signature names nothing that its readers cannot import: of internal entries that is not asked.
        extractorMessageReporting: {
          ...silent,
          'ae-forgotten-export': {
            logLevel: entry.subpath === './internal' ? ExtractorLogLevel.None : ExtractorLogLevel.Error,
          },
        },
        tsdocMessageReporting: silent,
      },
    },
  })
}

/**
 * Leave signatures and release tags, under the entry's own name: what lacks a comment is for typedoc to say,
 * and whether a type is imported as such concerns nobody.
 * @param {Entry} entry @param {string} report
 */
function plainText(entry, report) {
  return report
    .replace(/^## API Report File for .*$/m, `## API of "${entry.name}"`)
    .replace(/^\/\/ \(No @packageDocumentation .*\n\n/m, '')
    .replaceAll(/^import type /gm, 'import ')
    .replaceAll(/^ *\/\/ \(undocumented\)\n/gm, '')
    .replaceAll(/^( *\/\/ .*) \(undocumented\)$/gm, '$1')
    .replaceAll(/^( *\/\/ )@public @experimental$/gm, '$1@experimental')
}
