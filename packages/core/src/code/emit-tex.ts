// Emits a formula's graph as TeX, to be read. Comes in: a lane function and symbols for its inputs. Goes out:
// the lines of an `aligned` environment: values that stand more than once under names of their own, then the
// outputs. Source: docs/design/02-lanes.md.

import { trace, type LaneFn } from '../lanes/lane.js'
import { laneReductions, operandsOf, type LaneNode } from '../lanes/node.js'

/** How a formula is written. @experimental */
export interface TexOptions {
  /**
   * TeX by name of input, scalar or output: `{ fisher: 'F', lambda: '\\lambda' }`; default: the name. Names
   * that the formula lacks are left out of account, so that one table serves many formulas.
   */
  readonly symbols?: Readonly<Record<string, string>>
}

/** How tightly TeX holds together, the loosest first. What takes no exponent as it stands is a power. */
const order = ['sum', 'reduction', 'product', 'power', 'atom'] as const

/** TeX, and how tightly it holds together. */
interface Text {
  readonly tex: string
  readonly binds: (typeof order)[number]
}

/**
 * Write a lane function as TeX (for KaTeX or MathJax). It is a fold over the same graph that runs, so it says
 * what runs, to the order of the operations: who reads it from left to right gets the same bits. B is the
 * weight's block, T its tensor; a sum over all tensors of a call has no index; w' is what comes of w. Nothing
 * is rewritten but x · x as x², a product with −1 as a sign, and numbers such as 1/12, √12 and 2⁻¹⁵.
 * @param fn The formula; its body runs once, with symbolic lanes.
 * @param options How its inputs and outputs are written.
 * @throws RangeError if two names have one symbol.
 * @example
 * ```ts
 * import { castNearest, texOf } from '@lotion/core'
 * import { int4 } from '@lotion/formats'
 *
 * console.log(texOf(castNearest(int4), { symbols: { cast: 'q(w)' } }))
 * ```
 * @experimental
 */
export function texOf(fn: LaneFn, { symbols = {} }: TexOptions = {}): string {
  return new TexEmitter(fn, symbols).lines().join(' \\\\\n')
}

class TexEmitter {
  private readonly graph
  private readonly names = new Map<LaneNode, Text>()
  private readonly uses = new Map<LaneNode, number>()

  constructor(
    private readonly fn: LaneFn,
    private readonly symbols: Readonly<Record<string, string>>,
  ) {
    this.graph = trace(fn)
    for (const node of this.graph.nodes)
      for (const operand of new Set(operandsOf(node)))
        this.uses.set(operand, (this.uses.get(operand) ?? 0) + 1)
    const meant = new Map<string, string>()
    for (const [name, { tex }] of [
      ...[...fn.inputs, ...fn.scalars].map((name) => [name, this.symbol(name)] as const),
      ...Object.keys(this.graph.outputs).map((name) => [name, this.result(name)] as const),
    ]) {
      if (meant.has(tex) || /^t_\{\d+\}$/.test(tex))
        throw new RangeError(
          `${fn.name}: symbols: expected one of its own for '${name}', found ${tex} as for ${meant.get(tex) ?? 'values between'}`,
        )
      meant.set(tex, name)
    }
  }

  lines(): readonly string[] {
    const outputs = Object.entries(this.graph.outputs)
    const lines: string[] = []
    let between = 0
    for (const node of this.graph.nodes) {
      const output = isWord(node) ? undefined : outputs.find(([, root]) => root === node)
      if (!output && !this.isNamed(node)) continue
      const { tex } = this.written(node)
      const name: Text = output ? this.result(output[0]) : { tex: `t_{${++between}}`, binds: 'atom' }
      this.names.set(node, name)
      lines.push(`${name.tex} &= ${tex}`)
    }
    const written = new Set([...this.names.values()].map(({ tex }) => tex))
    const others = outputs.filter(([name]) => !written.has(this.result(name).tex))
    return [...lines, ...others.map(([name, node]) => `${this.result(name).tex} &= ${this.text(node).tex}`)]
  }

  /** Whether a value has a line of its own: it stands in several places, or is cases. */
  private isNamed(node: LaneNode): boolean {
    const isShared = (this.uses.get(node) ?? 0) > 1 && !isWord(node)
    return isShared || (node.kind === 'less' && !this.continues(node))
  }

  /** Whether cases go on in the last line of others. */
  private continues(node: LaneNode): boolean {
    return this.graph.nodes.some(
      (other) =>
        other.kind === 'less' &&
        other.no === node &&
        other.a !== node &&
        other.b !== node &&
        other.yes !== node,
    )
  }

  private text(node: LaneNode): Text {
    return this.names.get(node) ?? this.written(node)
  }

  /** The text of an operand, in parentheses if it holds together less than its place asks. */
  private within(node: LaneNode, place: Text['binds']): string {
    const { tex, binds } = this.text(node)
    return order.indexOf(binds) < order.indexOf(place) ? `\\left(${tex}\\right)` : tex
  }

  private symbol(name: string): Text {
    const tex = Object.hasOwn(this.symbols, name)
      ? this.symbols[name]!
      : /^[a-z]$/i.test(name)
        ? name
        : `\\mathrm{${Array.from(name, (sign) => signs[sign] ?? sign).join('')}}`
    return { tex, binds: tex.includes('^') ? 'power' : 'atom' }
  }

  /** What an output is called: what comes of an input has its symbol and a prime. */
  private result(name: string): Text {
    const { tex, binds } = this.symbol(name)
    const isUpdate = this.fn.inputs.includes(name) || this.fn.scalars.includes(name)
    return isUpdate ? { tex: binds === 'atom' ? `${tex}'` : `{${tex}}'`, binds: 'power' } : { tex, binds }
  }

  private written(node: LaneNode): Text {
    switch (node.kind) {
      case 'input':
        return this.symbol(node.name)
      case 'literal':
        return number(node.value)
      case 'unary':
        return this.unary(node)
      case 'binary':
        return this.binary(node)
      case 'less':
        return { tex: `\\begin{cases} ${this.cases(node).join(' \\\\ ')} \\end{cases}`, binds: 'atom' }
      case 'reduce': {
        const { over, keeps } = laneReductions[node.how]
        const index = { block: '_{B}', tensor: '_{T}', call: '' }[over]
        const tex = `\\${keeps}${index} ${this.within(node.of, 'power')}`
        // A largest value is at least 0: to be said unless its operand cannot be below.
        return keeps === 'max' && !isMagnitude(node.of)
          ? { tex: `\\max\\left(0,\\, ${tex}\\right)`, binds: 'atom' }
          : { tex, binds: 'reduction' }
      }
    }
  }

  private unary({ op, a }: LaneNode & { readonly kind: 'unary' }): Text {
    const { tex } = this.text(a)
    const written = {
      abs: `\\left|${tex}\\right|`,
      sqrt: `\\sqrt{${tex}}`,
      floor: `\\left\\lfloor ${tex} \\right\\rfloor`,
      binade: `2^{\\left\\lfloor \\log_2 \\left|${tex}\\right| \\right\\rfloor}`,
    }
    return { tex: written[op], binds: op === 'binade' ? 'power' : 'atom' }
  }

  private binary({ op, a, b }: LaneNode & { readonly kind: 'binary' }): Text {
    switch (op) {
      case 'min':
      case 'max':
        return { tex: `\\${op}\\left(${this.text(a).tex},\\, ${this.text(b).tex}\\right)`, binds: 'atom' }
      case 'div':
        return { tex: `\\frac{${this.text(a).tex}}{${this.text(b).tex}}`, binds: 'power' }
      case 'add':
      case 'sub':
        return {
          tex: `${this.text(a).tex} ${op === 'add' ? '+' : '-'} ${this.within(b, 'reduction')}`,
          binds: 'sum',
        }
      case 'mul':
        return this.product(a, b)
    }
  }

  private product(a: LaneNode, b: LaneNode): Text {
    if (a === b) return { tex: `${this.within(a, 'atom')}^2`, binds: 'power' }
    const sign = [a, b].find((factor) => factor.kind === 'literal' && factor.value === -1)
    if (sign) return { tex: `-${this.within(sign === a ? b : a, 'product')}`, binds: 'sum' }
    // A number comes first, as it does on paper, where it is a product of two: that is the same in any order.
    const isNumberLast = b.kind === 'literal' && this.text(a).binds !== 'product'
    const [first, second] = isNumberLast ? [b, a] : [a, b]
    const factor = this.within(second, 'power')
    if (first.kind === 'literal' && first.value < 0)
      return { tex: `${number(first.value).tex} \\cdot ${factor}`, binds: 'sum' }
    return { tex: `${this.within(first, 'product')} \\cdot ${factor}`, binds: 'product' }
  }

  private cases({ a, b, yes, no }: LaneNode & { readonly kind: 'less' }): readonly string[] {
    const first = `${this.text(yes).tex} & ${this.text(a).tex} < ${this.text(b).tex}`
    return no.kind === 'less' && !this.names.has(no)
      ? [first, ...this.cases(no)]
      : [first, `${this.text(no).tex} & \\text{else}`]
  }
}

/** What has another meaning in TeX, or none. */
const signs: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Array.from('_#$%&{}', (sign) => [sign, `\\${sign}`])),
  '\\': '\\backslash ',
  '^': '\\wedge ',
  '~': '\\sim ',
  '-': '\\text{-}',
  ' ': '\\ ',
}

/** Whether a value cannot be below 0: a magnitude or a square. */
const isMagnitude = (node: LaneNode): boolean =>
  (node.kind === 'unary' && node.op === 'abs') ||
  (node.kind === 'binary' && node.op === 'mul' && node.a === node.b)

const isWord = ({ kind }: LaneNode): boolean => kind === 'input' || kind === 'literal'

/** A number that is the root of a whole number, or of one over it, to the last bit: 3.4641016151377544. */
function root(value: number): string | undefined {
  const square = value * value
  const [whole, share] = [Math.round(square), Math.round(1 / square)]
  const isRoot = (n: number, of: number) =>
    n < 4096 && !Number.isInteger(Math.sqrt(n)) && Math.sqrt(of) === value
  if (isRoot(whole, whole)) return `\\sqrt{${whole}}`
  return isRoot(share, 1 / share) ? `\\sqrt{\\tfrac{1}{${share}}}` : undefined
}

/** A number as it is written by hand, without losing a digit. */
function number(value: number): Text {
  if (Object.is(value, -0)) return { tex: '-0', binds: 'sum' }
  if (value < 0) return { tex: `-${number(-value).tex}`, binds: 'sum' }
  if (value === Infinity) return { tex: '\\infty', binds: 'atom' }
  if (Number.isNaN(value)) return { tex: '\\mathrm{NaN}', binds: 'atom' }
  const power = Math.log2(value)
  if (Number.isInteger(power) && 2 ** power === value && Math.abs(power) > 12)
    return { tex: `2^{${power}}`, binds: 'power' }
  const share = 1 / value
  const isShort = String(value).length <= 6 && !Number.isInteger(power)
  if (value < 1 && !isShort && Number.isInteger(share) && share <= 4096 && 1 / share === value)
    return { tex: `\\tfrac{1}{${share}}`, binds: 'power' }
  const rooted = isShort ? undefined : root(value)
  if (rooted !== undefined) return { tex: rooted, binds: 'atom' }
  const [digits = '', exponent] = String(value).split('e')
  if (exponent === undefined) return { tex: digits, binds: 'atom' }
  const tens = `10^{${Number(exponent)}}`
  return digits === '1'
    ? { tex: tens, binds: 'power' }
    : { tex: `${digits} \\cdot ${tens}`, binds: 'product' }
}
