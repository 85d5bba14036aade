// What people see on a terminal: tables and progress. Comes in: records. Goes out: text.
// Source: docs/design/04-bench.md.

export * from './number-text.js'
export * from './progress-line.js'
export * from './text-table.js'
