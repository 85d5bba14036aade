// Command: `lotion new project`. Comes in: a folder. Goes out: a project in it that trains at once.
// Source: docs/design/14-packages.md.

import { relative, resolve } from 'node:path'
import { defineCommand } from '../kit/cli-command.js'
import { pathValue } from '../kit/option-values.js'
import { terminalText } from '../console/terminal-text.js'
import { toolVersion } from '../tool-version.js'
import { newProject } from './new-project.js'

/** The command that makes a project of one's own. */
export const newProjectCommand = defineCommand({
  path: ['new', 'project'],
  summary: 'make a project of your own: a first training, its test, its page',
  arguments: {
    folder: {
      syntax: '<folder>',
      description: 'an empty folder, or one that is not there',
      schema: pathValue,
    },
  },
  options: {},
  examples: ['lotion new project my-project', 'lotion new project .'],
  run: async ({ folder }, { stdout }) => {
    const files = await newProject(folder)
    const place = terminalText(relative('', resolve(folder)))
    const enter = place === '' ? '' : `cd ${place} && `
    const unpublished =
      toolVersion() === '0.0.0'
        ? "\n@lotion's packages are not published yet: in a clone the folder finds them, `npm run -s try` runs src/main.ts"
        : ''
    stdout.write(
      `${place || '.'}\n${files.map((file) => `  ${file}\n`).join('')}` +
        `next: ${enter}npm install && npm start, then npm test${unpublished}\n`,
    )
  },
})
