// Command: `lotion new project`. Comes in: a folder. Goes out: a project in it that trains at once.
// Source: docs/design/14-packages.md.

import { relative, resolve } from 'node:path'
import { defineCommand } from '../kit/cli-command.js'
import { pathValue } from '../kit/option-values.js'
import { typedTry } from '../kit/typed-command.js'
import { inTurn, shellWord } from '../console/shell-word.js'
import { terminalText } from '../console/terminal-text.js'
import { toolVersion } from '../tool-version.js'
import { findsPackages } from './finds-packages.js'
import { newProject } from './new-project.js'

/** The command that makes a project of one's own. */
export const newProjectCommand = defineCommand({
  path: ['new', 'project'],
  summary: 'make a project of your own: a first training, its test, its page',
  arguments: {
    folder: {
      syntax: '<folder>',
      description:
        'one that is not there, or empty but for what a new repository has (.git, README, LICENSE)',
      schema: pathValue,
    },
  },
  options: {},
  examples: ['lotion new project my-project', 'lotion new project .'],
  run: async ({ folder }, { stdout }) => {
    const { files, kept } = await newProject(folder)
    const place = relative('', resolve(folder))
    const lines = [
      terminalText(place || '.'),
      ...files.map((file) => `  ${file}`),
      ...(kept.length === 0 ? [] : [`kept as it was: ${kept.map((name) => terminalText(name)).join(', ')}`]),
      `next: ${nextStep(place)}`,
    ]
    stdout.write(`${lines.join('\n')}\n`)
  },
})

/** What works at once where this command was started. */
function nextStep(place: string): string {
  const enter = place === '' ? [] : [`cd ${terminalText(shellWord(place))}`]
  const packages = ['@lotion/core', '@lotion/tfjs', '@tensorflow/tfjs-core', 'tsx', 'vitest']
  // In a clone they are there, and npm would look for them in vain as long as they are not published.
  if (findsPackages(place, packages)) return `${inTurn([...enter, 'npm start'])}, then npm test`
  if (toolVersion() !== '0.0.0') return `${inTurn([...enter, 'npm install', 'npm start'])}, then npm test`
  const run = typedTry(process.env, resolve(place))
  const reason = "@lotion's packages are not published yet, so npm install finds none of them"
  return run === undefined
    ? `make the folder in a clone of LOTION, such as my/project there, where npm start and npm test work; ${reason}`
    : `${inTurn([...enter, `${run} src/main.ts`])}\nnpm start and npm test work in a folder of the clone, such as my/project; ${reason}`
}
