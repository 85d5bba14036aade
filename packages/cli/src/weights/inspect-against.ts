// `lotion inspect FILE --against MODEL`. Comes in: two paths. Goes out: how many weights differ, as a line or
// as lines of JSON; a failed check where one does.
// Source: docs/design/19-export.md.

import type { NumberFormat } from '@lotion/core'
import type { CliContext } from '../kit/cli-command.js'
import { FailedCheck } from '../kit/failed-check.js'
import { optional } from '../kit/optional-package.js'
import { UsageError } from '../kit/usage-error.js'
import { progressLine } from '../console/progress-line.js'
import { terminalText } from '../console/terminal-text.js'
import { formatModules, type WeightValues } from './weight-options.js'

/** What compares: it reads models, which this package does not. */
const NAME = '@lotion/language'

/** What is used of it. */
interface Language {
  compareWeights(
    path: string,
    against: string,
    wish: { readonly formats?: readonly NumberFormat[] },
  ): AsyncIterable<Compared>
}

interface Compared {
  readonly name: string
  readonly weights: number
  readonly differing: number
  readonly first?: readonly [index: number, here: number, there: number]
  readonly problem?: string
}

/** What is compared, and how it is told. */
interface Wanted {
  readonly from: string
  readonly against: string
  readonly json: boolean
}

/** @throws FailedCheck if a weight differs; UsageError for options of the other kind of inspection. */
export async function inspectAgainst(
  { from, against, json }: Wanted,
  { formats: paths, ...others }: WeightValues,
  { stdout, stderr, signal }: CliContext,
): Promise<void> {
  const [other] = Object.entries(others).find(([, value]) => value !== undefined && value !== false) ?? []
  if (other !== undefined)
    throw new UsageError(
      `against: expected no --${other} with it, found one; what is compared are the numbers`,
    )
  const language = await optional<Language>(NAME)
  if (!language)
    throw new UsageError(`against: comes with ${NAME}, which is not installed: npm install @lotion/bench`)
  const found: Compared[] = []
  const line = progressLine({ label: 'inspect', total: 1, stream: stderr, plainLines: false })
  try {
    const formats = await formatModules(paths)
    for await (const each of language.compareWeights(from, against, formats.length > 0 ? { formats } : {})) {
      signal.throwIfAborted()
      found.push(each)
      if (json) {
        const { name, weights, differing, first = null } = each
        stdout.write(`${JSON.stringify({ parameter: name, weights, differing, first })}\n`)
      } else if (each.differing > 0) stdout.write(`${terminalText(told(each))}\n`)
    }
  } finally {
    line.stop()
  }
  const sum = (count: (each: Compared) => number): number => found.reduce((all, each) => all + count(each), 0)
  const [differing, weights] = [sum((each) => each.differing), sum((each) => each.weights)]
  const said = `${shown(differing)} of ${shown(weights)} weights differ from ${against}`
  if (differing > 0) throw new FailedCheck(`${from}: ${said}`)
  if (!json) stdout.write(`${said} (${found.length} tensors)\n`)
}

const shown = (count: number): string => count.toLocaleString('en')

function told({ name, weights, differing, first, problem }: Compared): string {
  const where = first
    ? `, the first at ${first[0]}: ${first[1]} instead of ${first[2]}`
    : problem === undefined
      ? ''
      : `: ${problem}`
  return `${name}: ${shown(differing)} of ${shown(weights)} differ${where}`
}
