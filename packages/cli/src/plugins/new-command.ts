// Commands: `lotion new noise` and one for every other template. Comes in: a name. Goes out: a folder that
// passes its test.
// Source: docs/design/01-architecture.md (plugins are records that anybody can write).

import { join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { defineCommand, type CliCommand } from '../kit/cli-command.js'
import { maybe, pathValue } from '../kit/option-values.js'
import { inTurn, shellWord } from '../console/shell-word.js'
import { terminalText } from '../console/terminal-text.js'
import { toolVersion } from '../tool-version.js'
import { findsPackages } from './finds-packages.js'
import { camelCase, inWorkspace, newPlugin } from './new-plugin.js'
import { titleOfKind } from './template-kinds.js'

/** Words that cannot name a constant of a module. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally ' +
    'for function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield'
  ).split(' '),
)

const nameValue = z.string().transform((text, context): string => {
  if (/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= 100 && !reserved.has(text)) return text
  context.addIssue({
    code: 'custom',
    message:
      `expected lower-case words with hyphens between, such as my-own, and no word that JavaScript keeps for itself, found '${text}'` +
      (/[\\/]/.test(text) ? '; a folder comes after the name' : ''),
  })
  return z.NEVER
})

/** The command that makes a folder from the template of a kind. */
export function newCommand(kind: string): CliCommand {
  return defineCommand({
    path: ['new', kind],
    summary: `make a folder for ${titleOfKind(kind)} of your own, with its test`,
    arguments: {
      name: { syntax: '<name>', description: `its name, such as my-${kind}`, schema: nameValue },
      folder: {
        syntax: '[folder]',
        description: 'where to (default: a folder of that name)',
        schema: maybe(pathValue),
      },
    },
    options: {},
    examples: [`lotion new ${kind} my-${kind}`, `lotion new ${kind} my-${kind} plugins/my-${kind}`],
    run: async ({ name, folder = name }, { stdout, typed }) => {
      const workspace = await inWorkspace(folder)
      const files = await newPlugin({ kind, name, folder, workspace })
      const place = relative('', resolve(folder)) || folder
      stdout.write(
        `${terminalText(place)}: ${camelCase(name)}\n${files.map((file) => `  ${file}\n`).join('')}` +
          `next: ${nextStep({ kind, place, name, workspace, typed })}\n`,
      )
    },
  })
}

/** What works at once where this command was started, and how the folder's own test can run. */
function nextStep({
  kind,
  place,
  name,
  workspace,
  typed,
}: {
  readonly kind: string
  readonly place: string
  readonly name: string
  readonly workspace: boolean
  readonly typed: string
}): string {
  // There are no laws of tasks: one is tried by training on it.
  const word = (path: string): string => terminalText(shellWord(path))
  const use = `${typed} ${kind === 'task' ? 'run' : 'verify'} ${word(join(place, `src/${name}.ts`))}`
  if (workspace)
    return `${use}\nits own test: npm run setup at the top, which adds the folder to pnpm-lock.yaml, then npm test in ${word(place)}`
  if (findsPackages(place, ['@lotion/conformance', 'vitest']))
    return `${use}\nits own test: ${inTurn([`cd ${word(place)}`, 'npm test'])}`
  return toolVersion() === '0.0.0'
    ? `${use}\nits own test needs @lotion's packages, which are not published yet: make the folder in a clone, which has them`
    : `${use}\nits own test: ${inTurn([`cd ${word(place)}`, 'npm install', 'npm test'])}`
}
