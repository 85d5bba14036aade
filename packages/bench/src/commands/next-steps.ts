// What may be typed: examples of a task's command, and what to look at after a run. Comes in: a task, a run's
// folder. Goes out: lines that work where the reader stands.

import { shellWord } from '@lotion/cli/internal'
import type { Task } from '../tasks/task.js'

/** The examples of a task; of one from a module with the path that was typed, which is right where it was. */
export const examplesOf = ({ examples }: Task, word: string): readonly string[] =>
  examples.map((line) =>
    line.replace(/^lotion run \S+\.m?[jt]s(?=\s|$)/, () => `lotion run ${shellWord(word)}`),
  )

/** What may be typed next: the words behind `lotion`, with RUN for the run's folder, and what they do. */
export type NextCommand = readonly [words: string, what: string]

/** List what a run left behind, and what may be typed next, as it is typed here. */
export function nextSteps(
  folder: string,
  method: string,
  closing: readonly NextCommand[],
  typed: string,
): string {
  const lines = closing.map(([words, what]) => [words.replace(/\bRUN\b/, shellWord(folder)), what] as const)
  const width = Math.max(0, ...lines.map(([words]) => words.length))
  return [
    '',
    'what to look at next',
    `  ${folder}/report.html         the curves of every method`,
    `  ${folder}/metrics.jsonl       every evaluation, with seed, settings and versions`,
    `  ${folder}/model.safetensors   the weights of ${method}, cast to the format`,
    ...lines.map(([words, what]) => `  ${typed} ${words.padEnd(width)}  ${what}`),
    '',
  ].join('\n')
}
