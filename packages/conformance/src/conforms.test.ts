// Every built-in plugin is held to the laws, by the very call that a stranger writes.
import { membersOf, perTensor } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { builtInFishers, empirical } from '@lotion/fisher'
import {
  absmaxBf16,
  builtInFormats,
  e4m3Ceil,
  e4m3Nearest,
  e8m0Floor,
  e8m0Nearest,
  fixedScale,
  fp4,
  int4,
  int8,
  mseClip,
  mxfp4,
  nf4,
  nvfp4,
  q4_0,
  withBlock,
  withScale,
} from '@lotion/formats'
import { builtInNoises, dithered, gaussian, randomizedRounding, smoothstep, spread } from '@lotion/noise'
import {
  addDecayedWeights,
  builtInMethods,
  builtInOptimizers,
  clipByGlobalNorm,
  clipByNorm,
  clipByValue,
  rat,
  smoothing,
} from '@lotion/optim'
import { amount } from '@lotion/test-kit'
import { conforms } from './conforms.js'

for (const noise of builtInNoises.flatMap((family) => membersOf(family, undefined))) conforms('noise', noise)

const clipped = [
  withScale(mxfp4, e8m0Floor),
  withScale(int4, fixedScale(0.3)),
  withBlock(int4, perTensor),
  withScale(int4, mseClip()),
].slice(0, amount(3, 4))
/** Rules whose casts move when they are cast again, and one that is exact. */
const moving = [
  withScale(int8, absmaxBf16),
  withScale(int4, e4m3Ceil),
  withScale(mxfp4, e8m0Nearest),
  withScale(nvfp4, e4m3Nearest),
  withScale(int4, absmaxBf16),
]
/** In brief: formats with the same scale rule and as many bits stand for each other. */
const inBrief = builtInFormats.filter(
  ({ scale, bits }, i) =>
    builtInFormats.findIndex((other) => other.scale.name === scale.name && other.bits === bits) === i,
)
for (const format of [
  ...(amount(0, 1) === 1 ? builtInFormats : inBrief),
  ...clipped,
  ...moving.slice(0, amount(1, 5)),
])
  conforms('format', format)
for (const format of [int4, nf4, mxfp4, ...clipped, fp4, nvfp4, q4_0].slice(0, amount(4, 10)))
  conforms('pair', { format, noise: randomizedRounding })
for (const noise of [spread(), smoothstep, dithered(1), gaussian()]) conforms('pair', { format: int4, noise })

for (const fisher of builtInFishers.flatMap((family) => membersOf(family, undefined)))
  conforms('fisher', fisher)

for (const transformation of [
  ...builtInOptimizers.flatMap((family) => membersOf(family, { learningRate: 0.1 })),
  addDecayedWeights(0.1),
  clipByGlobalNorm(1),
  clipByNorm(1),
  clipByValue(1),
  smoothing({ format: int4, noise: randomizedRounding, fisher: empirical(), lambda: 1 }),
])
  conforms('transformation', transformation)

for (const format of [int4, nvfp4].slice(0, amount(1, 2)))
  for (const method of builtInMethods.flatMap((family) => membersOf(family, { format })))
    conforms('method', method)
for (const noise of [spread(), gaussian()]) conforms('method', rat({ format: int4, noise }))

conforms('executor', cpuExecutor())
