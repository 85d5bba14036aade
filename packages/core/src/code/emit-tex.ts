// Emits a formula's graph as TeX, to be read. Comes in: a lane function and symbols for its inputs. Goes out:
// the lines of an `aligned` environment: values that stand more than once under names of their own, then the
// outputs. Source: docs/design/02-lanes.md.

import { trace, type LaneFn } from '../lanes/lane.js'
import { laneReductions, operandsOf, type LaneNode } from '../lanes/node.js'

/** How a formula is written. */
export interface TexOptions {
  /** TeX by name of input, scalar or output: `{ fisher: 'F', lambda: '\\lambda' }`; default: the name. */
  readonly symbols?: Readonly<Record<string, string>>
}

/** TeX, and how tightly it holds together: a sum less than a product, a product less than an atom. */
interface Text {
  readonly tex: string
  readonly binds: 'sum' | 'product' | 'atom'
}

const order = ['sum', 'product', 'atom'] as const

/**
 * Write a lane function as TeX (for KaTeX or MathJax). It is a fold over the same graph that runs, so it says
 * what runs: B is the weight's block, T its tensor; a sum over all tensors of a call has no index. Nothing is
 * rewritten but x · x as x², a product with −1 as a sign, and whole fractions for numbers such as 1/12.
 * @example
 * texOf(castNearest(int4), { symbols: { w: 'w' } })
 */
export function texOf(fn: LaneFn, { symbols = {} }: TexOptions = {}): string {
  return new TexEmitter(fn, symbols).lines().join(' \\\\\n')
}

class TexEmitter {
  private readonly graph
  private readonly names = new Map<LaneNode, string>()
  private readonly uses = new Map<LaneNode, number>()

  constructor(
    fn: LaneFn,
    private readonly symbols: Readonly<Record<string, string>>,
  ) {
    this.graph = trace(fn)
    for (const node of this.graph.nodes)
      for (const operand of new Set(operandsOf(node)))
        this.uses.set(operand, (this.uses.get(operand) ?? 0) + 1)
  }

  lines(): readonly string[] {
    const outputs = Object.entries(this.graph.outputs)
    const roots = new Set(outputs.map(([, node]) => node))
    const lines: string[] = []
    for (const node of this.graph.nodes) {
      if (roots.has(node) ? !this.isShared(node) : !this.isNamed(node)) continue
      const text = this.written(node).tex
      const name = `t_{${this.names.size + 1}}`
      this.names.set(node, name)
      lines.push(`${name} &= ${text}`)
    }
    return [...lines, ...outputs.map(([name, node]) => `${this.symbol(name)} &\\gets ${this.text(node).tex}`)]
  }

  /** Whether a value stands in several places and is more than a word. */
  private isShared(node: LaneNode): boolean {
    return (this.uses.get(node) ?? 0) > 1 && !['input', 'literal'].includes(node.kind)
  }

  /** Cases read badly inside a formula: they have a line of their own. */
  private isNamed(node: LaneNode): boolean {
    return this.isShared(node) || (node.kind === 'less' && !this.continues(node))
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
    const name = this.names.get(node)
    return name === undefined ? this.written(node) : { tex: name, binds: 'atom' }
  }

  /** The text of an operand, in parentheses if it holds together less than its place asks. */
  private within(node: LaneNode, place: Text['binds']): string {
    const { tex, binds } = this.text(node)
    return order.indexOf(binds) < order.indexOf(place) ? `\\left(${tex}\\right)` : tex
  }

  private symbol(name: string): string {
    return Object.hasOwn(this.symbols, name)
      ? this.symbols[name]!
      : name.length === 1
        ? name
        : `\\mathrm{${name.replaceAll(/[_#$%&{}]/g, '\\$&')}}`
  }

  private written(node: LaneNode): Text {
    switch (node.kind) {
      case 'input':
        return { tex: this.symbol(node.name), binds: 'atom' }
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
        return { tex: `\\${keeps}${index} ${this.within(node.of, 'product')}`, binds: 'product' }
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
    return { tex: written[op], binds: 'atom' }
  }

  private binary({ op, a, b }: LaneNode & { readonly kind: 'binary' }): Text {
    switch (op) {
      case 'min':
      case 'max':
        return { tex: `\\${op}\\left(${this.text(a).tex},\\, ${this.text(b).tex}\\right)`, binds: 'atom' }
      case 'div':
        return { tex: `\\frac{${this.text(a).tex}}{${this.text(b).tex}}`, binds: 'atom' }
      case 'add':
      case 'sub': {
        const right = this.within(b, 'product')
        const sign = op === 'add' ? '+' : '-'
        return {
          tex: `${this.text(a).tex} ${sign} ${right.startsWith('-') ? `\\left(${right}\\right)` : right}`,
          binds: 'sum',
        }
      }
      case 'mul':
        return this.product(a, b)
    }
  }

  private product(a: LaneNode, b: LaneNode): Text {
    if (a === b) return { tex: `${this.within(a, 'atom')}^2`, binds: 'product' }
    // Numbers come first, as they do on paper: the product is the same.
    const [first, second] = b.kind === 'literal' ? [b, a] : [a, b]
    if (first.kind === 'literal' && first.value === -1)
      return { tex: `-${this.within(second, 'product')}`, binds: 'sum' }
    return {
      tex: `${this.within(first, 'product')} \\cdot ${this.within(second, 'product')}`,
      binds: 'product',
    }
  }

  private cases({ a, b, yes, no }: LaneNode & { readonly kind: 'less' }): readonly string[] {
    const first = `${this.text(yes).tex} & ${this.text(a).tex} < ${this.text(b).tex}`
    return no.kind === 'less' && !this.names.has(no)
      ? [first, ...this.cases(no)]
      : [first, `${this.text(no).tex} & \\text{else}`]
  }
}

/** A number as it is written by hand, without losing a digit. */
function number(value: number): Text {
  if (Object.is(value, -0)) return { tex: '-0', binds: 'sum' }
  if (value < 0) return { tex: `-${number(-value).tex}`, binds: 'sum' }
  if (value === Infinity) return { tex: '\\infty', binds: 'atom' }
  if (Number.isNaN(value)) return { tex: '\\mathrm{NaN}', binds: 'atom' }
  const share = 1 / value
  if (value < 1 && Number.isInteger(share) && share <= 4096 && 1 / share === value)
    return { tex: `\\tfrac{1}{${share}}`, binds: 'atom' }
  const [digits = '', power] = String(value).split('e')
  return power === undefined
    ? { tex: digits, binds: 'atom' }
    : { tex: `${digits} \\cdot 10^{${Number(power)}}`, binds: 'product' }
}
