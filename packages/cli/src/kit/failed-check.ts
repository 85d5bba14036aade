// What was checked did not hold: an answer, no accident. Comes in: a sentence. Goes out: an error reported
// with status 1.
// Source: the exit statuses of `diff` and of test runners.

/** A check that was asked for and failed; a stack trace would tell nothing. */
export class FailedCheck extends Error {
  /** What stands before the message where the error is printed whole. */
  override readonly name = 'FailedCheck'
}
