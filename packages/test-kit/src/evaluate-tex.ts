// Computes what TeX of a formula says, reading it as mathematics is read: products before sums, from left to
// right. It knows nothing of lanes. Comes in: the lines of `texOf`, one value a weight by symbol, the blocks.
// Goes out: one value a weight by name of line.

import type { BlockLayout } from '@lotion/core'
import { blockMembers, sumInOrder } from '@lotion/core/internal'

type Values = Float64Array

/** What names a value: a letter, Greek or with a hat, an index of one sign, a prime; σ², a variance. */
const names =
  /\\hat\{[a-z]\}|\\sigma\^2|\{\\sigma\^2\}'|t_\{\d+\}|(?:[a-zA-Z]|\\(?:Delta|Omega|beta|delta|eta|lambda|mu|omega|psi|varepsilon|varphi))(?:_\d(?!\d)|_\{[-+]\})?'?/

const token = new RegExp(
  [
    /\\(?:left|right)(?:\\[lr]floor|[()|])|\\(?:begin|end)\{cases\}|\\text\{else\}|\\mathrm\{(?:\\.|[^{}])*\}'?/,
    names,
    /\\[a-z]+|\\\\|\\,|(?:10|2)\^\{-?\d+\}|\d+(?:\.\d+)?(?: \\cdot 10\^\{-?\d+\})?|_\{[BT]\}|\^2|\^|[-+&<{}=_,]/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
)

/** Evaluate the lines of a formula in TeX over weights, in f64. */
export function evaluateTex(
  tex: string,
  inputs: Readonly<Record<string, ArrayLike<number>>>,
  layout: BlockLayout,
): Readonly<Record<string, Values>> {
  const known = new Map<string, Values>(
    Object.entries(inputs).map(([name, values]) => [name, Float64Array.from(values)]),
  )
  for (const line of linesOf(tex)) {
    const reader = new Reader(line, known, layout)
    const name = reader.left()
    if (known.has(name)) throw new SyntaxError(`${name} has two meanings in: ${tex}`)
    known.set(name, reader.sum())
    reader.end()
  }
  return Object.fromEntries(known)
}

/** Lines end where no cases are open. */
const linesOf = (tex: string): readonly string[] => tex.split(' \\\\\n')

class Reader {
  private readonly tokens: readonly string[]
  private at = 0

  constructor(
    private readonly line: string,
    private readonly known: ReadonlyMap<string, Values>,
    private readonly layout: BlockLayout,
  ) {
    const tokens = line.match(token) ?? []
    if (tokens.join('').replaceAll(' ', '') !== line.replaceAll(' ', ''))
      throw new SyntaxError(`unread TeX in: ${line}`)
    this.tokens = tokens
  }

  left(): string {
    const name = this.take()
    this.expect('&')
    this.expect('=')
    return name
  }

  end(): void {
    if (this.at < this.tokens.length) this.fail('the end', this.next())
  }

  /** Terms with signs between them; a sign before the first holds for all of its product. */
  sum(): Values {
    let value = this.accept('-') ? each((a) => -a)(this.term()) : this.term()
    for (;;) {
      if (this.accept('+')) value = each((a, b) => a + b)(value, this.term())
      else if (this.accept('-')) value = each((a, b) => a - b)(value, this.term())
      else return value
    }
  }

  private term(): Values {
    if (this.accept('\\sum')) return this.reduced(sums)
    if (this.next() === '\\max' && this.tokens[this.at + 1]?.startsWith('_')) {
      this.take()
      return this.reduced(maxima)
    }
    let value = this.power()
    while (this.accept('\\cdot')) value = each((a, b) => a * b)(value, this.power())
    return value
  }

  /** Over the block, the tensor, or without an index over all that is called: here the same. */
  private reduced(combine: Combine): Values {
    const isOfBlocks = this.accept('_{B}')
    if (!isOfBlocks) this.accept('_{T}')
    const of = this.power()
    const members = blockMembers(this.layout)
    const parts = members.map((indices) => combine.weights(indices.length, (k) => of[indices[k]!]!))
    if (!isOfBlocks) return this.filled(combine.parts(parts))
    const out = new Float64Array(of.length)
    members.forEach((indices, block) => indices.forEach((i) => (out[i] = parts[block]!)))
    return out
  }

  private power(): Values {
    const value = this.atom()
    return this.accept('^2') ? each((a) => a * a)(value) : value
  }

  private atom(): Values {
    const word = this.take()
    if (word === '2' && this.accept('^')) return this.braced(() => this.binade())
    if (word.startsWith('2^')) return this.filled(2 ** Number(word.slice(3, -1)))
    if (/^\d/.test(word))
      return this.filled(Number(word.replace(/( \\cdot )?10\^\{(.*)\}/, 'e$2').replace(/^e/, '1e')))
    switch (word) {
      case '\\infty':
        return this.filled(Infinity)
      case '\\mathrm{NaN}':
        return this.filled(NaN)
      case '\\left(':
        return this.closed('\\right)')
      case '\\left|':
        return each(Math.abs)(this.closed('\\right|'))
      case '\\left\\lfloor':
        return each(Math.floor)(this.closed('\\right\\rfloor'))
      case '\\sqrt':
        return each(Math.sqrt)(this.braced(() => this.sum()))
      case '\\frac':
      case '\\tfrac': {
        const above = this.braced(() => this.sum())
        return each((a, b) => a / b)(
          above,
          this.braced(() => this.sum()),
        )
      }
      case '\\min':
      case '\\max': {
        this.expect('\\left(')
        const a = this.sum()
        this.expect(',')
        this.expect('\\,')
        const choose = each(word === '\\min' ? (p, q) => (q < p ? q : p) : (p, q) => (p < q ? q : p))
        return choose(a, this.closed('\\right)'))
      }
      case '\\begin{cases}':
        return this.cases()
    }
    const value = this.known.get(word)
    if (value === undefined) this.fail('a value', word)
    return value
  }

  /** The power of two below: ⌊log₂|x|⌋ of any x but 0 and what is not finite. */
  private binade(): Values {
    this.expect('\\left\\lfloor')
    this.expect('\\log')
    this.expect('_')
    this.expect('2')
    this.expect('\\left|')
    const x = this.closed('\\right|')
    this.expect('\\right\\rfloor')
    return each((value) => {
      const size = Math.abs(value)
      if (!(size > 0 && size < Infinity)) return size
      let power = 2 ** Math.floor(Math.log2(size))
      while (power > size) power /= 2
      while (power * 2 <= size) power *= 2
      return power
    })(x)
  }

  /** Value & condition, line by line; the first that holds counts. */
  private cases(): Values {
    const yes = this.sum()
    this.expect('&')
    if (this.accept('\\text{else}')) {
      this.expect('\\end{cases}')
      return yes
    }
    const a = this.sum()
    this.expect('<')
    const b = this.sum()
    this.expect('\\\\')
    const no = this.cases()
    return Float64Array.from(yes, (value, i) => (a[i]! < b[i]! ? value : no[i]!))
  }

  private closed(end: string): Values {
    const value = this.sum()
    this.expect(end)
    return value
  }

  private braced(read: () => Values): Values {
    this.expect('{')
    const value = read()
    this.expect('}')
    return value
  }

  private filled(value: number): Values {
    const { outer, length, inner } = this.layout
    return new Float64Array(outer * length * inner).fill(value)
  }

  private next(): string | undefined {
    return this.tokens[this.at]
  }

  private take(): string {
    return this.tokens[this.at++] ?? this.fail('more', 'the end')
  }

  private accept(word: string): boolean {
    if (this.next() !== word) return false
    this.at++
    return true
  }

  private expect(word: string): void {
    const found = this.take()
    if (found !== word) this.fail(word, found)
  }

  private fail(expected: string, found: string | undefined): never {
    throw new SyntaxError(`expected ${expected}, found ${found}, in: ${this.line}`)
  }
}

/** How the weights of a block become one value, and the values of blocks. */
interface Combine {
  readonly weights: (count: number, at: (k: number) => number) => number
  readonly parts: (values: readonly number[]) => number
}

/** The largest number; of no number, 0. */
const largest = (values: readonly number[]): number => {
  const numbers = values.filter((value) => !Number.isNaN(value))
  return numbers.length === 0 ? 0 : numbers.reduce((max, one) => Math.max(max, one))
}

const maxima: Combine = {
  weights: (count, at) => largest(Array.from({ length: count }, (_, k) => at(k))),
  parts: largest,
}
const sums: Combine = { weights: sumInOrder, parts: (values) => values.reduce((sum, one) => sum + one, 0) }

/** Apply a function weight by weight. */
const each =
  (of: (...values: number[]) => number) =>
  (...operands: readonly Values[]): Values =>
    Float64Array.from(operands[0]!, (_, i) => of(...operands.map((values) => values[i]!)))
