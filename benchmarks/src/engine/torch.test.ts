import { expect, it } from 'vitest'
import { quietly } from '../harness/quietly.js'
import { withTorchHere } from '../harness/torch-here.js'
import { compareEngines } from './compare-engines.js'
import { torch } from './torch.js'

it.runIf(withTorchHere('the training step'))(
  'computes the same step as the traced engine, in both forms of attention',
  async () => {
    const preset = {
      name: 'tiny',
      model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, kvHeads: 2, hidden: 24, context: 8 },
      batch: 2,
      rounds: 2,
      slowPeers: false,
    }
    const { rows, absent } = await compareEngines(
      { preset, rounds: 2, threads: 1, competitors: [torch] },
      quietly(),
    )
    expect(absent).toEqual([])
    const found = rows.filter(({ engine }) => engine === 'PyTorch')
    expect(found.map(({ step, threads }) => [step, threads])).toEqual([
      ['gradients', 1],
      ['adamw', 1],
    ])
    for (const { agreement, slower, version } of found) {
      expect(version).toMatch(/^torch \S+, eager, /)
      expect(agreement?.tensors).toBeLessThan(1e-5)
      expect(Object.keys(slower)).toHaveLength(1)
    }
  },
  600_000,
)
