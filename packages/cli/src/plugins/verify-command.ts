// Command: `lotion verify`. Comes in: a module with plugins. Goes out: a line for each law, status 1 if one
// is broken.
// Source: @lotion/conformance; no test runner needed.

import { verify, type Report } from '@lotion/conformance'
import { defineCommand } from '../kit/cli-command.js'
import { FailedCheck } from '../kit/failed-check.js'
import { flag, pathValue } from '../kit/option-values.js'
import { terminalText } from '../console/terminal-text.js'
import { verifiedPlugins, type ExportedPlugin } from './verified-plugins.js'

const words = { passed: 'ok', failed: 'violated', skipped: 'skipped' } as const satisfies Record<
  Report['outcome'],
  string
>

/** Hold the plugins of a module to their laws. */
export const verifyCommand = defineCommand({
  path: ['verify'],
  summary:
    'hold the noises, formats, Fishers, transformations, methods and executors of a module to their laws',
  arguments: {
    file: {
      syntax: '<file>',
      description:
        'a module in TypeScript or JavaScript, which is run; then #export and :numbers of a family, if any',
      schema: pathValue,
    },
  },
  options: {
    json: {
      flags: '--json',
      description: 'print one line of JSON a law on standard output, and nothing else there',
      schema: flag,
    },
  },
  examples: [
    'lotion verify ./my-noise.ts',
    'lotion verify ./my-noise.ts:0.3',
    'lotion verify dist/my-format.js --json',
  ],
  run: async ({ file, json }, { stdout, signal, typed }) => {
    const plugins = await verifiedPlugins(file, typed)
    const reports: Report[] = []
    for (const plugin of plugins) {
      signal.throwIfAborted()
      if (!json)
        stdout.write(
          `${plugin.kind} ${terminalText(plugin.value.name)} (export ${terminalText(plugin.exported)})\n`,
        )
      for (const report of await reportsOf(plugin)) {
        reports.push(report)
        stdout.write(json ? `${JSON.stringify(report)}\n` : lineOf(report))
      }
    }
    const count = (outcome: Report['outcome']): number =>
      reports.filter((report) => report.outcome === outcome).length
    const [passed, failed, skipped] = [count('passed'), count('failed'), count('skipped')]
    if (!json)
      stdout.write(
        `${passed} laws hold, ${failed} violated, ${skipped} skipped (nothing was claimed, or they do not apply)\n`,
      )
    if (failed > 0)
      throw new FailedCheck(`${file}: ${failed} ${failed === 1 ? 'law is' : 'laws are'} violated`)
  },
})

function reportsOf(plugin: ExportedPlugin): Promise<readonly Report[]> {
  switch (plugin.kind) {
    case 'noise':
      return verify(plugin.kind, plugin.value)
    case 'format':
      return verify(plugin.kind, plugin.value)
    case 'fisher':
      return verify(plugin.kind, plugin.value)
    case 'transformation':
      return verify(plugin.kind, plugin.value)
    case 'method':
      return verify(plugin.kind, plugin.value)
    case 'executor':
      return verify(plugin.kind, plugin.value)
  }
}

function lineOf({ outcome, check, law, message }: Report): string {
  return `  ${words[outcome].padEnd(8)}  ${outcome === 'failed' ? message : `${check}: ${law}`}\n`
}
