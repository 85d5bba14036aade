// Methods in phases, in words: `lotion+qat@0.8` goes on with straight-through gradients from 80 % of the run,
// `qat@0.8` is `ptq+qat@0.8`. Comes in: a word. Goes out: its phases; how long two words train the same.
// Source: docs/design/04-bench.md, "Phases".

/** One method of a word, and where it begins. */
export interface PhaseWord {
  /** A method's name, with numbers, or the path of its module. */
  readonly word: string
  /** Share of the run: 0 of the first. */
  readonly share: number
}

/** A plus is of the first method's path unless a share follows before the next one; later paths have none. */
const plus = /\+(?=[^+]*@[^+@/\\]*(?:\+|$))/

/** A share at the end of a word, whatever it says. */
const share = /@[^+@/\\]*$/

/** What a run begins with whose first method says when it begins. */
const BEFORE = 'ptq'

/**
 * Take a word apart; most have one phase. A method that begins later has PTQ before it.
 * @throws RangeError unless shares ascend in (0, 1), and each method joined by a plus has one.
 */
export function phasesOf(text: string): readonly PhaseWord[] {
  const pieces = text.split(plus)
  const [first = '', ...later] = share.test(pieces[0]!) ? [BEFORE, ...pieces] : pieces
  // A plus behind an e is a number's: 1e+38.
  const known = /^[\w.:=,-]+(?:@[\d.]*)?(?<!\de)\+[\w+.:=,@-]+$/
  if (known.test(first))
    throw new RangeError(
      `expected a share behind each method but the first, found '${first}'; such as lotion+qat@0.8`,
    )
  let previous = 0
  return [
    { word: first.trim(), share: 0 },
    ...later.map((piece) => {
      const at = piece.lastIndexOf('@')
      const share = Number(piece.slice(at + 1).trim() || NaN)
      if (!(share > previous && share < 1))
        throw new RangeError(
          `expected shares of the run that ascend between 0 and 1, found '${piece}'${previous > 0 ? ` after ${previous}` : ''}; such as lotion+qat@0.8`,
        )
      previous = share
      return { word: piece.slice(0, at).trim(), share }
    }),
  ]
}

/**
 * Refuse phases that a run is too short for.
 * @throws RangeError unless each has a step at least.
 */
export function refuseEmptyPhases(text: string, steps: number): void {
  const phases = phasesOf(text)
  const starts = phases.map(({ share }) => Math.round(share * steps))
  const empty = starts.findIndex((start, n) => start >= (starts[n + 1] ?? steps))
  if (empty >= 0)
    throw new RangeError(
      `methods: '${text}': expected a step at least for each phase, found none of ${steps} for ${phases[empty]!.word}; take more --steps, or other shares`,
    )
}

/** Whether a word trains the same weights for every format: all of its run is PTQ. */
export const isForAllFormats = (text: string): boolean => phasesOf(text).every(({ word }) => word === BEFORE)

/** The word of phases. */
export const phasesWord = (phases: readonly PhaseWord[]): string =>
  phases.map(({ word, share }) => (share === 0 ? word : `${word}@${share}`)).join('+')

/** A word up to a step of a run. */
export const wordUntil = (text: string, step: number, steps: number): string =>
  phasesWord(phasesOf(text).filter(({ share }) => Math.round(share * steps) < step))

/**
 * The steps at which a method parts from others that trained the same until then, ascending: what one of them
 * trained up to there the others need not train again.
 */
export function branchesOf(text: string, others: readonly string[], steps: number): readonly number[] {
  const planOf = (word: string) =>
    phasesOf(word).map((phase) => ({ word: phase.word, start: Math.round(phase.share * steps) }))
  const own = planOf(text)
  const found = others.flatMap((other) => {
    const its = planOf(other)
    const apart = [...own, undefined].findIndex(
      (phase, i) => phase?.word !== its[i]?.word || phase?.start !== its[i]?.start,
    )
    if (other === text || apart <= 0) return []
    const step = Math.min(own[apart]?.start ?? steps, its[apart]?.start ?? steps)
    return step < steps ? [step] : []
  })
  return [...new Set(found)].sort((a, b) => a - b)
}
