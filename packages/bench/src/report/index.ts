// The report of a run. Comes in: records. Goes out: a page.
// Source: docs/design/04-bench.md.

export * from './render-report.js'
