// What people see on a terminal: tables and progress.

export * from './number-text.js'
export * from './progress-line.js'
export * from './text-table.js'
export { shellWord } from './shell-word.js'
export * from './whole-progress.js'
