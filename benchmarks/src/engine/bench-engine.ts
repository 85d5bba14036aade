// Compare engines on one training step: the same decoder, weights and batch, in turns, on the same cores.
// Comes in: a preset. Goes out: a report, after a check that all engines compute the same.
// Source: docs/design/04-bench.md.

import { availableParallelism } from 'node:os'
import { deviceDescription, type DeviceDescription } from './device-description.js'
import type {
  EnginePeer,
  OpenedPeer,
  PeerContext,
  PeerDefinition,
  PeerStep,
  StepKind,
  StepOutcome,
} from './engine-peer.js'
import { enginePresets, type EnginePreset, type EnginePresetName } from './engine-preset.js'
import { engineWorkload, type EngineWorkload } from './engine-workload.js'
import { interleave } from './interleave.js'
import { checkAgreement, type StepAgreement } from './step-agreement.js'
import { stepTimes, type StepTimes } from './step-times.js'
import { torchPeer } from './torch-peer.js'
import { tracedPeer } from './traced-peer.js'
import { wasmKernelsPeer, wasmPeer } from './wasm-peer.js'

export interface EngineBenchOptions {
  /** A preset, or the name of one. */
  readonly preset: EnginePresetName | EnginePreset
  /** Measured steps of each engine; default: the preset's. */
  readonly rounds?: number
  /** Threads of every engine that can use several; default: all cores. */
  readonly threads?: number
  /** Engines to compare with; default: PyTorch, tfjs wasm with its kernels and with ours. */
  readonly peers?: readonly PeerDefinition[]
  readonly signal?: AbortSignal
  /** Receive what is going on, a line each. */
  readonly log: (line: string) => void
}

/** One engine's times for one kind of step, by the fastest of its variants. */
export interface EngineRow {
  readonly engine: string
  readonly version: string
  readonly threads: number
  readonly step: StepKind
  /** The fastest way in which the engine takes this step; '' if there is but one. */
  readonly variant: string
  readonly milliseconds: StepTimes
  readonly tokensPerSecond: number
  /** Its milliseconds over the traced engine's for the same kind of step (ratio of medians). */
  readonly tracedSpeedup: number
  /** Distance of its first step from the traced engine's; null for that one itself. */
  readonly agreement: StepAgreement | null
  /** Median milliseconds of its slower variants. */
  readonly slower: Readonly<Record<string, number>>
}

/** A peer that did not take part. */
export interface SkippedPeer {
  readonly engine: string
  /** Why, and how to get it. */
  readonly skipped: string
}

/** What a comparison found. */
export interface EngineBenchReport {
  readonly preset: string
  readonly parameters: number
  /** Tokens a step. */
  readonly tokens: number
  readonly device: DeviceDescription
  readonly rows: readonly EngineRow[]
  readonly skipped: readonly SkippedPeer[]
}

const warmup = 3
// Idle OpenMP threads of PyTorch spin for some milliseconds; after this all cores are free for the next engine.
const pauseMilliseconds = 60

/**
 * Run the comparison. Every engine's first step is checked against the traced engine's before anything is timed.
 * @throws RangeError if an option is out of range, Error if engines disagree, the signal's reason.
 */
export async function benchEngine(options: EngineBenchOptions): Promise<EngineBenchReport> {
  const {
    log,
    signal = new AbortController().signal,
    peers = [torchPeer, wasmPeer, wasmKernelsPeer],
  } = options
  const preset = typeof options.preset === 'string' ? enginePresets[options.preset] : options.preset
  const rounds = positive('rounds', options.rounds ?? preset.rounds)
  const workload = engineWorkload(preset, positive('threads', options.threads ?? availableParallelism()))
  const { parameterCount } = workload.model
  log(
    `${preset.name}: ${parameterCount} parameters, ${workload.tokens} tokens a step, ${workload.threads} threads`,
  )

  const opened: EnginePeer[] = []
  const skipped: SkippedPeer[] = []
  try {
    opened.push(await tracedPeer.open(workload))
    for (const definition of peers) {
      signal.throwIfAborted()
      const peer = await openOrSkip(definition, workload, { log, signal })
      if ('skipped' in peer) {
        skipped.push({ engine: definition.name, skipped: peer.skipped })
        log(`SKIPPED ${definition.name}: ${peer.skipped}`)
      } else opened.push(peer)
    }
    const entries = await checked(opened, log, signal)
    const times = await interleave(entries, {
      rounds,
      warmup,
      pause: pauseMilliseconds,
      signal,
      onRound: progress(rounds, log),
    })
    const rows = rowsOf(
      entries.map((entry, i) => ({ ...entry, times: stepTimes(times[i] ?? []) })),
      workload.tokens,
    )
    const { tokens } = workload
    return {
      preset: preset.name,
      parameters: parameterCount,
      tokens,
      device: deviceDescription(),
      rows,
      skipped,
    }
  } catch (error) {
    // What an engine says when it is stopped is of no interest.
    signal.throwIfAborted()
    throw error
  } finally {
    for (const peer of opened.toReversed()) await peer.close()
  }
}

/** A peer that cannot start is missing, not fatal. */
async function openOrSkip(
  definition: PeerDefinition,
  workload: EngineWorkload,
  context: PeerContext,
): Promise<OpenedPeer> {
  try {
    return await definition.open(workload, context)
  } catch (error) {
    context.signal.throwIfAborted()
    return { skipped: error instanceof Error ? error.message : String(error) }
  }
}

interface Entry {
  readonly peer: EnginePeer
  readonly step: PeerStep
  readonly agreement: StepAgreement | null
  readonly rounds: number
  run(): Promise<number>
}

/** Take every first step and compare it with the traced engine's, which comes first. */
async function checked(
  peers: readonly EnginePeer[],
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const references = new Map<StepKind, StepOutcome>()
  const entries: Entry[] = []
  for (const peer of peers) {
    for (const step of peer.steps) {
      signal.throwIfAborted()
      const outcome = await step.first()
      const reference = references.get(step.kind)
      if (reference === undefined) references.set(step.kind, outcome)
      const what = [peer.name, step.variant, stepNames[step.kind]].filter(Boolean).join(', ')
      const agreement = reference === undefined ? null : checkAgreement(what, outcome, reference)
      if (agreement) {
        const tensors = step.kind === 'gradients' ? 'gradients' : 'weights after a step'
        log(
          `${what}: loss ${outcome.loss.toFixed(6)}, ${tensors} agree to ${agreement.tensors.toExponential(1)} (${agreement.worst})`,
        )
      }
      entries.push({ peer, step, agreement, rounds: peer.rounds, run: () => step.run() })
    }
  }
  return entries
}

/** Words for the kinds of step. */
export const stepNames: Readonly<Record<StepKind, string>> = Object.freeze({
  gradients: 'forward + backward',
  adamw: 'forward + backward + AdamW',
})

/** Reduce the variants of each engine to the fastest. */
function rowsOf(
  entries: readonly (Entry & { readonly times: StepTimes })[],
  tokens: number,
): readonly EngineRow[] {
  const rows: EngineRow[] = []
  for (const kind of ['gradients', 'adamw'] as const) {
    const ofKind = entries.filter(({ step }) => step.kind === kind)
    const traced = ofKind[0]?.times.median ?? Number.NaN
    for (const peer of new Set(ofKind.map((entry) => entry.peer))) {
      const variants = ofKind
        .filter((entry) => entry.peer === peer)
        .sort((a, b) => a.times.median - b.times.median)
      const [fastest, ...rest] = variants
      if (fastest === undefined) continue
      rows.push({
        engine: peer.name,
        version: peer.version,
        threads: peer.threads,
        step: kind,
        variant: fastest.step.variant,
        milliseconds: fastest.times,
        tokensPerSecond: (tokens / fastest.times.median) * 1000,
        tracedSpeedup: fastest.times.median / traced,
        agreement: fastest.agreement,
        slower: Object.fromEntries(rest.map(({ step, times }) => [step.variant, times.median])),
      })
    }
  }
  return rows
}

function progress(rounds: number, log: (line: string) => void): (round: number) => void {
  const every = Math.max(1, Math.ceil(rounds / 5))
  return (round) => {
    if (round % every === 0 || round === rounds) log(`round ${round} of ${rounds}`)
  }
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value
  throw new RangeError(`${name}: expected a whole number of at least 1, found ${value}`)
}
