// Peer: PyTorch in eager mode on the CPU, in a Python process of its own. Comes in: a workload. Goes out: its steps.
// Source: python/torch_peer.py. Both attention forms take part; the faster one is what PyTorch is judged by.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type HostArray, type Tree } from '@lotion/core'
import { z } from 'zod'
import type {
  EnginePeer,
  OpenedPeer,
  PeerContext,
  PeerDefinition,
  PeerStep,
  StepKind,
} from './engine-peer.js'
import { adamwSettings, type EngineWorkload } from './engine-workload.js'
import { lineProcess, type LineProcess } from './line-process.js'
import { findTorch, torchThreads } from './torch-environment.js'

const program = fileURLToPath(new URL('../../python/torch_peer.py', import.meta.url))
const opening = z.object({ version: z.string(), threads: z.number(), simd: z.string() })
const stepping = z.object({ loss: z.number(), milliseconds: z.number() })

/** PyTorch eager, AdamW fused, with written-out attention and with `scaled_dot_product_attention`. */
export const torchPeer: PeerDefinition = Object.freeze({
  name: 'PyTorch',
  async open(workload: EngineWorkload, context: PeerContext): Promise<OpenedPeer> {
    const found = await findTorch(context)
    if ('skipped' in found) return found
    const folder = await mkdtemp(join(tmpdir(), 'lotion-engine-'))
    const child = lineProcess({
      name: 'PyTorch',
      command: found.python,
      arguments: [program],
      env: torchThreads(workload.threads),
      signal: context.signal,
    })
    const close = async (): Promise<void> => {
      await child.close()
      await rm(folder, { recursive: true, force: true })
    }
    try {
      return await opened(workload, child, folder, close)
    } catch (error) {
      await close()
      throw error
    }
  },
})

async function opened(
  workload: EngineWorkload,
  child: LineProcess,
  folder: string,
  close: () => Promise<void>,
): Promise<EnginePeer> {
  const { model, weights, batch, threads } = workload
  const path = join(folder, 'start.safetensors')
  const parameters = mapTree(weights, (data, name): HostArray => ({ data, shape: model.shapes[name] ?? [] }))
  const inputs = Object.fromEntries(Object.entries(batch).map(([name, array]) => [`batch.${name}`, array]))
  await writeSafetensors(path, { ...parameters, ...inputs })
  const config = { ...model.config, length: batch['x']?.shape[1], threads, adamw: adamwSettings }
  const answer = opening.parse(await child.request({ do: 'open', path, config }))
  const kinds: readonly StepKind[] = ['gradients', 'adamw']
  return {
    name: 'PyTorch',
    version: `torch ${answer.version}, eager, ${answer.simd}`,
    threads: answer.threads,
    rounds: Number.POSITIVE_INFINITY,
    steps: kinds.flatMap((kind) =>
      ['manual', 'sdpa'].map((attention) => torchStep(child, folder, kind, attention)),
    ),
    close,
  }
}

function torchStep(child: LineProcess, folder: string, kind: StepKind, attention: string): PeerStep {
  const request = { do: 'step', attention, adamw: kind === 'adamw' }
  return {
    kind,
    variant: `${attention} attention`,
    run: async () => stepping.parse(await child.request(request)).milliseconds,
    first: async () => {
      const path = join(folder, 'first.safetensors')
      const { loss } = stepping.parse(await child.request({ ...request, path }))
      const { tensors } = await readSafetensors(path)
      const found: Tree<Float32Array> = mapTree(tensors, toFloat32)
      return { loss, tensors: found }
    },
  }
}
