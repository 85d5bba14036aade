// The files that a run leaves. Comes in: records. Goes out: a folder.
// Source: docs/design/04-bench.md.

export * from './open-run.js'
export * from './versions.js'
