// Where checks used to look away: inside cells, and at blocks too long for a call's arguments.
import { blockOf, type Lane, type Noise } from '@lotion/core'
import { int4, withBlock, withScale } from '@lotion/formats'
import { defineNoise, randomizedRounding, smoothstep } from '@lotion/noise'
import { describe, expect, it } from 'vitest'
import { checksOf, verify } from './verify.js'

const failures = async (noise: Noise): Promise<readonly string[]> =>
  (await verify('noise', noise)).flatMap(({ outcome, message }) => (outcome === 'failed' ? [message] : []))

describe('smoothness between the places of every cell', () => {
  const claims = { ...smoothstep.claims, unbiased: false }
  const bent = defineNoise({
    name: 'a kink at .4',
    claims,
    atoms: ({ x, lo, hi }) => {
      const t = x.sub(lo).div(hi.sub(lo))
      const left = t.mul(-1).add(1)
      const late = t.less(0.4, 0, t.sub(0.4)).mul(left).mul(left).mul(0.3)
      const up = t.mul(t).mul(t.mul(-2).add(3)).add(late)
      return [
        { value: lo, mass: up.mul(-1).add(1) },
        { value: hi, mass: up },
      ]
    },
  })

  it('finds a kink there', async () => {
    const found = await failures(bent)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatch(/^claim 'smooth' \(no kinks\): .*Broken at x = (-0\.6|0\.4|-0\.59999|0\.39999)/)
  })

  it('and a slope that is wrong there', async () => {
    // A formula's floor has slope 0, so this tent over 1/16 … 1/8 of a cell rises unannounced.
    const tent = ({ x, lo, hi }: Parameters<Noise['variance']>[0]): Lane => {
      const gap = hi.sub(lo)
      const t = x.sub(lo).div(gap)
      const height = t.less(3 / 32, t.sub(1 / 16), t.mul(-1).add(1 / 8))
      const stairs = height
        .mul(2 ** 24)
        .floor()
        .div(2 ** 24)
      return height.less(0, 0, stairs).mul(gap).mul(gap)
    }
    const wrongSlope: Noise = {
      ...randomizedRounding,
      variance: (at) => randomizedRounding.variance(at).add(tent(at)),
    }
    expect((await failures(wrongSlope)).some((message) => message.startsWith('slope:'))).toBe(true)
  })
})

describe('blocks that hold more weights than a call takes arguments', () => {
  const block = blockOf(65536)
  const format = withBlock(int4, block)
  const shrunk = withScale(format, {
    ...int4.scale,
    scaled: (w, grid) => {
      const found = int4.scale.scaled(w, grid)
      return { ...found, x: found.x.mul(0.8), scale: found.scale.div(0.8) }
    },
  })
  const biased: Noise = { ...smoothstep, claims: { ...smoothstep.claims, unbiased: true } }
  const pushed: Noise = { ...randomizedRounding, sample: ({ above }) => above }

  it.each([
    ['casting twice', () => checksOf('format', shrunk)],
    ['mean after scaling', () => checksOf('pair', { format, noise: biased })],
    ['cast weights stay', () => checksOf('pair', { format, noise: pushed })],
  ] as const)('%s', async (name, checks) => {
    const [report] = await checks()
      .find((check) => check.name === name)!
      .run()
    expect(report).toMatchObject({ outcome: 'failed' })
    expect(report!.message).toMatch(/Broken at weights /)
  })
})
