// An option as its author writes it. Comes in: a record. Goes out: nothing, or an error that names the
// member.

import { refuseUnknownKeys } from '@lotion/core/internal'
import type { CliOption } from './cli-command.js'

/** Check the names of an option's members. @throws TypeError naming one that no option has. */
export function checkOption(what: string, option: CliOption<unknown>): void {
  refuseUnknownKeys(what, option, {
    flags: true,
    description: true,
    schema: true,
    default: true,
    call: true,
  })
}
