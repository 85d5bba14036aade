// All that a run remembers, as bytes: weights, slots of the method and of the optimizer, counts, rates that
// were set. Comes in: a compiled model. Goes out: bytes, and the same run from them in another process.
// Source: docs/design/09-tfjs.md (the door); entries of data as tf.io.encodeWeights writes them.

import { axisName } from '@lotion/core/internal'
import { formatTitle } from '@lotion/formats/internal'
import type * as tfjs from '@tensorflow/tfjs-core'
import { rateOf, setRate } from './inner-rate.js'
import type { MethodOptimizer } from './method-optimizer.js'
import type { PlannedWeight } from './weight-plan.js'

/** What is remembered, and of what. */
export interface Run {
  readonly tf: typeof tfjs
  readonly plan: readonly PlannedWeight[]
  /** The method's name. */
  readonly method: string
  readonly made: MethodOptimizer
}

type Named = readonly { readonly name: string; readonly tensor: tfjs.Tensor }[]

/** What stands before the data. */
interface Header {
  readonly version: 1
  /** Of what the run is; a run of something else is refused. */
  readonly of: Readonly<Record<string, string>>
  readonly skipped: number
  /** Paths of all variables that the optimizer inside has met, in order. */
  readonly met: readonly string[]
  readonly learningRate?: number
  readonly lambda?: number
  /** Names that the optimizer inside gives what it keeps. */
  readonly inner: readonly string[]
  readonly specs: tfjs.io.WeightsManifestEntry[]
}

/** Weights, slots, what the optimizer inside keeps, its own numbers: the first letters of entries. */
const kinds = { weight: 'w', slot: 's', inner: 'i', number: 'n' } as const

/** Write a run down. */
export async function runBytes(run: Run): Promise<Uint8Array<ArrayBuffer>> {
  const { tf, plan, made } = run
  const { optimizer, inner, met, steering, naming } = made.memory
  const slots = (await optimizer.getWeights()) as Named
  const kept = inner ? ((await inner.getWeights()) as Named) : []
  const entries = [
    ...plan.map(({ path, weight }) => ({ name: `${kinds.weight}/${path}`, tensor: weight.read() })),
    ...slots.map(({ name, tensor }) => ({ name: `${kinds.slot}/${moved(name, naming.pathOf)}`, tensor })),
    ...kept.map(({ tensor }, i) => ({ name: `${kinds.inner}/${i}`, tensor })),
    ...numbersOf(tf, inner).map(([name, tensor]) => ({ name: `${kinds.number}/${name}`, tensor })),
  ]
  const { data, specs } = await tf.io.encodeWeights(entries)
  // What `getWeights` made for this call: of the others every one is a variable.
  tf.dispose([...slots, ...kept].map(({ tensor }) => tensor).filter((one) => !('assign' in one)))
  const rate = inner ? rateOf(inner) : steering.learningRate
  const header: Header = {
    version: 1,
    of: identityOf(run),
    skipped: optimizer.skipped,
    met,
    ...(rate === undefined ? {} : { learningRate: rate }),
    ...(steering.lambda === undefined ? {} : { lambda: steering.lambda }),
    inner: kept.map(({ name }) => name),
    specs,
  }
  const text = new TextEncoder().encode(JSON.stringify(header))
  const bytes = new Uint8Array(4 + text.length + data.byteLength)
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, 4)
  bytes.set(new Uint8Array(data), 4 + text.length)
  return bytes
}

/**
 * Go on with a run that was written down, before the first step of this one.
 * @throws TypeError for bytes that are none of a run, or of another model, method or optimizer; Error after a
 * step.
 */
export async function restoreRun(run: Run, bytes: Uint8Array): Promise<void> {
  const { tf, plan, made } = run
  const { optimizer, inner, met, steering, naming } = made.memory
  if (optimizer.stepsTaken() > 0)
    throw new Error(
      'restore: expected a compiled model that has not been trained, found one after steps; call compile with a new optimizer first',
    )
  const { header, data } = parsed(bytes)
  refuseAnother(header.of, identityOf(run))
  const found = tf.io.decodeWeights(data.buffer, header.specs)
  try {
    const of = (kind: string): Named =>
      Object.entries(found).flatMap(([name, tensor]) =>
        name.startsWith(`${kind}/`) ? [{ name: name.slice(kind.length + 1), tensor }] : [],
      )
    const weights = new Map(of(kinds.weight).map(({ name, tensor }) => [name, tensor]))
    for (const { path, weight } of plan) weight.write(weights.get(path)!)
    await optimizer.setWeights(
      of(kinds.slot).map(({ name, tensor }) => ({ name: moved(name, naming.variableOf), tensor })),
    )
    optimizer.skipped = header.skipped
    met.push(...header.met)
    if (inner) await restoreInner(tf, inner, header, { kept: of(kinds.inner), numbers: of(kinds.number) })
    else if (header.learningRate !== undefined) steering.learningRate = header.learningRate
    if (header.lambda !== undefined) steering.lambda = header.lambda
  } finally {
    tf.dispose(found)
  }
}

async function restoreInner(
  tf: typeof tfjs,
  inner: tfjs.Optimizer,
  { inner: names, learningRate }: Header,
  { kept, numbers }: { readonly kept: Named; readonly numbers: Named },
): Promise<void> {
  await inner.setWeights(kept.map(({ tensor }, i) => ({ name: names[i]!, tensor })))
  const own = new Map(numbersOf(tf, inner))
  for (const { name, tensor } of numbers) own.get(name)?.assign(tensor)
  if (learningRate !== undefined) setRate(inner, learningRate)
}

/**
 * Numbers that an optimizer of tfjs keeps beside what it tells, such as the powers of Adam's β: made anew
 * from its count of steps they would be other ones in the last bits.
 */
const numbersOf = (
  tf: typeof tfjs,
  inner: tfjs.Optimizer | undefined,
): readonly (readonly [string, tfjs.Variable])[] =>
  Object.entries(inner ?? {}).filter(
    (entry): entry is [string, tfjs.Variable] => entry[1] instanceof tf.Variable,
  )

/** A name of a slot, `variable:slot`, of another variable; counts of the run have none. */
function moved(name: string, to: (variable: string) => string): string {
  const at = name.lastIndexOf(':')
  return at < 1 ? name : `${to(name.slice(0, at))}${name.slice(at)}`
}

const identityOf = ({ plan, method, made }: Run): Header['of'] => ({
  method,
  optimizer: made.memory.name,
  ...Object.fromEntries(
    plan.map(({ path, shape, quantized }) => [
      path,
      `[${shape.join(', ')}] ${quantized ? `${formatTitle(quantized.format)} along ${axisName(quantized.axis)}` : 'in full precision'}`,
    ]),
  ),
})

function refuseAnother(then: Header['of'], now: Header['of']): void {
  const names = [...new Set([...Object.keys(now), ...Object.keys(then)])]
  const other = names.find((name) => then[name] !== now[name])
  if (other === undefined) return
  const missing = then[other] === undefined || now[other] === undefined
  throw new TypeError(
    `restore: expected a run of this model and method, found another: '${other}' was ${then[other] ?? 'not there'} and is ${now[other] ?? 'not there'}` +
      (missing ? '; give the layers names, as those that tfjs makes up count the layers of a process' : ''),
  )
}

function parsed(bytes: Uint8Array): { readonly header: Header; readonly data: Uint8Array<ArrayBuffer> } {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true)
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Header
    if ((header.version as number) === 1) return { header, data: Uint8Array.from(bytes.subarray(4 + length)) }
  } catch {
    // Said below.
  }
  throw new TypeError('restore: expected the bytes of a run, as state() gave them, found others')
}
