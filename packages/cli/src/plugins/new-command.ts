// Commands: `lotion new noise` and `lotion new format`. Comes in: a name. Goes out: a folder that passes its test.
// Source: docs/design/01-architecture.md (plugins are records that strangers can write).

import { join, relative, resolve } from 'node:path'
import { z } from 'zod'
import { defineCommand, type CliCommand } from '../kit/cli-command.js'
import { maybe, pathValue } from '../kit/option-values.js'
import { terminalText } from '../console/terminal-text.js'
import { camelCase, inWorkspace, isReleased, newPlugin, type NewPluginKind } from './new-plugin.js'

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

/** Make a folder for a noise. */
export const newNoiseCommand = newCommand('noise', 'a rounding noise')
/** Make a folder for a format. */
export const newFormatCommand = newCommand('format', 'a number format')

function newCommand(kind: NewPluginKind, what: string): CliCommand {
  return defineCommand({
    path: ['new', kind],
    summary: `make a folder for ${what} of your own, with its test`,
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
    run: async ({ name, folder = name }, { stdout }) => {
      const workspace = await inWorkspace(folder)
      const files = await newPlugin({ kind, name, folder, workspace })
      const place = terminalText(relative('', resolve(folder)) || folder)
      stdout.write(
        `${place}: ${camelCase(name)}\n${files.map((file) => `  ${file}\n`).join('')}` +
          `next: ${await nextStep({ kind, place, name, workspace })}\n`,
      )
    },
  })
}

/** What works at once where this command was started, and how the folder's own test can run. */
async function nextStep({
  kind,
  place,
  name,
  workspace,
}: {
  readonly kind: NewPluginKind
  readonly place: string
  readonly name: string
  readonly workspace: boolean
}): Promise<string> {
  // The repository's scripts say who they are.
  const lotion = process.env['LOTION_PARENT'] === undefined ? 'lotion' : 'npm run -s lotion --'
  const verify = `${lotion} verify ${join(place, `src/${name}.ts`)}`
  if (workspace) return `${verify}\nits own test: npm run setup at the top, then npm test in ${place}`
  const install = `cd ${place} && npm install && npm test`
  return (await isReleased())
    ? `${verify}\nits own test: ${install}`
    : `${verify}\nits own test needs @lotion's packages, which are not published yet; in a clone: ${lotion} new ${kind} ${name} examples/${name}`
}
