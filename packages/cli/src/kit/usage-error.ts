// Bad input, as opposed to failures. Comes in: what is wrong. Goes out: an error that the command line
// reports with status 2.
// Source: the exit statuses of POSIX shells' own commands.

/** A mistake in how the command was called. */
export class UsageError extends Error {
  /** What stands before the message where the error is printed whole. */
  override readonly name = 'UsageError'
}
