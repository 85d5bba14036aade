import { expect, it } from 'vitest'
import { benchEngine } from './bench-engine.js'
import { torchPeer } from './torch-peer.js'

// Needs a Python with PyTorch, which is never installed by the tests: set LOTION_PYTHON to run it.
it.skipIf(!process.env['LOTION_PYTHON'])(
  'computes the same step as the traced engine, in both forms of attention',
  async () => {
    const preset = {
      name: 'tiny',
      model: { vocabulary: 16, dimension: 16, layers: 2, heads: 4, kvHeads: 2, hidden: 24, context: 8 },
      batch: 2,
      rounds: 2,
      slowPeers: false,
    }
    const { rows, skipped } = await benchEngine({
      preset,
      threads: 1,
      peers: [torchPeer],
      log: () => undefined,
    })
    expect(skipped).toEqual([])
    const torch = rows.filter(({ engine }) => engine === 'PyTorch')
    expect(torch.map(({ step, threads }) => [step, threads])).toEqual([
      ['gradients', 1],
      ['adamw', 1],
    ])
    for (const { agreement, slower } of torch) {
      expect(agreement?.tensors).toBeLessThan(1e-5)
      expect(Object.keys(slower)).toHaveLength(1)
    }
  },
)
