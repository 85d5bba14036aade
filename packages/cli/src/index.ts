// The public surface of @lotion/cli: what packages that bring commands use; main.ts is the command itself.
export type { ConfigOf, ConfigValue } from './config/config-form.js'
export * from './kit/cli-command.js'
export * from './kit/failed-check.js'
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
  type Range,
} from './kit/option-values.js'
export * from './kit/usage-error.js'
