import { blockOf, evaluate, layoutOf, normals, uniforms, type NumberFormat } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { describe, expect, it } from 'vitest'
import { builtInFormats } from './by-name.js'
import { castStatistics } from './cast-statistics.js'
import { e4m3Nearest } from './e4m3-nearest.js'
import { e8m0Even } from './e8m0-even.js'
import { e8m0Floor } from './e8m0-floor.js'
import { e8m0Nearest } from './e8m0-nearest.js'
import { fixedScale } from './fixed-scale.js'
import { absmaxBf16, absmaxF16 } from './float-scale.js'
import { bitsPerWeight, withBlock, withScale } from './format.js'
import { int4 } from './int4.js'
import { mseClip } from './mse-clip.js'
import { mxfp4 } from './mxfp4.js'
import { mxfp8E4m3 } from './mxfp8-e4m3.js'
import { mxint8 } from './mxint8.js'
import { nvfp4 } from './nvfp4.js'

const SHAPE = [512, 512]
const SIZE = 512 * 512
const cpu = cpuExecutor()
const gaussian = normals({ seed: 1, stream: 'gaussian' }, SIZE)
const laplace = uniforms({ seed: 1, stream: 'laplace' }, SIZE).map((u) => {
  const centred = u - 0.5
  return -Math.sign(centred) * Math.log(Math.max(1 - 2 * Math.abs(centred), 2 ** -24))
})

function measure(format: NumberFormat, w: Float32Array) {
  const layout = layoutOf(SHAPE, format.block)
  const out = cpu.lanes([{ fn: castStatistics(format), inputs: { w }, layout }])[0]!
  const sum = (name: string): number => out[name]![0]!
  return {
    sqnr: 10 * Math.log10(sum('energy') / sum('error')),
    randomized: 10 * Math.log10(sum('energy') / sum('randomizedError')),
    saturated: out['saturated']!.reduce((count, flag) => count + flag, 0) / layout.blocks,
    bias: sum('bias') / sum('size'),
  }
}

/** A table as the formatter writes it: columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) =>
    Math.max(3, ...[title, ...rows.map((row) => row[i]!)].map((cell) => cell.length)),
  )
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

const plain = (x: number): string => String(Number(x.toPrecision(4)))
const percent = (x: number): string => `${(100 * x).toFixed(x > 0 && x < 0.0005 ? 3 : 1)} %`
const blockText = ({ block }: NumberFormat): string =>
  block.kind === 'size' ? String(block.size) : block.kind

function measured(format: NumberFormat): readonly string[] {
  const [normal, heavy] = [measure(format, gaussian), measure(format, laplace)]
  return [
    `${normal.sqnr.toFixed(1)} / ${normal.randomized.toFixed(1)}`,
    `${heavy.sqnr.toFixed(1)} / ${heavy.randomized.toFixed(1)}`,
    percent(normal.saturated),
    // Below a millionth it is the f32 rounding of the product with the scale.
    normal.bias < 1e-6 ? '0' : percent(normal.bias),
  ]
}

const MEASURES = ['Gaussian, dB', 'Laplace, dB', 'saturated blocks', 'bias']

const formats = table(
  ['format', 'points', 'top', 'smallest', 'block', 'scale', 'bits a weight', ...MEASURES],
  builtInFormats.map((format) => {
    const { points } = format.grid
    return [
      `\`${format.name}\``,
      String(points.length),
      plain(points.at(-1)!),
      plain(points.find((point) => point > 0)!),
      blockText(format),
      format.scale.name,
      String(Number(bitsPerWeight(format, [4096, 4096]).toFixed(3))),
      ...measured(format),
    ]
  }),
)

const rules = table(
  ['format', 'scale rule', 'saturates, says it', ...MEASURES],
  [
    [int4, [absmaxF16, absmaxBf16, mseClip()]],
    [mxfp4, [mxfp4.scale, e8m0Floor, e8m0Nearest, e8m0Even]],
    [mxfp8E4m3, [mxfp8E4m3.scale, e8m0Floor, e8m0Nearest, e8m0Even]],
    [mxint8, [mxint8.scale, e8m0Floor]],
    [nvfp4, [nvfp4.scale, e4m3Nearest]],
  ].flatMap(([format, scales]) =>
    (scales as readonly (typeof e8m0Floor)[]).map((scale) => [
      `\`${(format as NumberFormat).name}\``,
      scale.name,
      scale.claims.saturates ? 'yes' : 'no',
      ...measured(withScale(format as NumberFormat, scale)),
    ]),
  ),
)

const PAGE = `# The built-in formats

Generated from the formats themselves by \`npm test -- packages/formats/src/cast-statistics.test.ts -u\`; the test fails when
this page is stale.

Measured on ${SIZE.toLocaleString('en')} independent weights, one tensor of ${SHAPE.join(' × ')}. _dB_ is the signal-to-noise ratio of the nearest cast,
then of randomized rounding. _Saturated blocks_ is the share of Gaussian blocks with a weight beyond the ends of the grid, _bias_ the mean
|E[randomized cast] − w| as a share of the mean |w|: 0 unless a block saturates. _Smallest_ is the smallest point above 0.

${formats}

Training needs unbiased rounding, so the formats above use scale rules that never saturate, but for that of \`q4_0-full\`, which is
for casts and straight-through training. The rules of the specifications, and others, by \`withScale\`:

${rules}
`

describe('castStatistics', () => {
  it('measures what the definition says, by hand', () => {
    const format = withBlock(withScale(int4, fixedScale(1)), blockOf(2))
    const w = [0.25, -3, 9, 1.5]
    const [out] = evaluate([
      { fn: castStatistics(format), inputs: { w }, layout: layoutOf([4], format.block) },
    ])
    expect(Object.fromEntries(Object.entries(out!).map(([name, values]) => [name, [...values]]))).toEqual({
      energy: [0.0625 + 9 + 81 + 2.25],
      // Nearest: 0, −3, 7 (clipped) and the tie 1½ to the even 2.
      error: [0.0625 + 0 + 4 + 0.25],
      randomizedError: [0.25 * 0.75 + 4 + 0.5 * 0.5],
      size: [0.25 + 3 + 9 + 1.5],
      bias: [2],
      saturated: [0, 1],
    })
  })

  it('finds saturation where the scale rule claims it, and nowhere else', () => {
    for (const format of builtInFormats)
      expect(measure(format, gaussian).saturated > 0).toBe(format.scale.claims.saturates)
  })

  it('agrees with the table in docs/formats.md', async () => {
    await expect(PAGE).toMatchFileSnapshot('../../../docs/formats.md')
  })
})
