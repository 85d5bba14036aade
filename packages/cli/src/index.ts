// The public surface of @lotion/cli: what packages that bring commands use; main.ts is the command itself.
export { commandsFor } from './commands.js'
export * from './console/index.js'
export * from './kit/cli-command.js'
export * from './kit/failed-check.js'
export { blockOption, formatOption, formatsOption, formatWith } from './kit/format-options.js'
export * from './kit/kinds.js'
export {
  flag,
  folderValue,
  listOf,
  maybe,
  oneOf,
  realNumber,
  several,
  wholeNumber,
  wordOr,
} from './kit/option-values.js'
export * from './kit/plugin-words.js'
export * from './kit/usage-error.js'
export * from './recorded-cli.js'
export * from './run-cli.js'
export * from './run-files/open-run.js'
export * from './weights/plan-text.js'
