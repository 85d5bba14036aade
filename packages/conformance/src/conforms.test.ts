// Every built-in plugin is held to the laws, by the very call that a stranger writes.
import { perTensor } from '@lotion/core'
import { cpuExecutor } from '@lotion/cpu'
import { adamSecondMoment, empirical, exact } from '@lotion/fisher'
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
import {
  dithered,
  gaussian,
  logistic,
  nearest,
  randomizedRounding,
  smoothstep,
  spread,
  uniformDither,
} from '@lotion/noise'
import { adamw, clipByGlobalNorm, sgd, smoothing } from '@lotion/optim'
import { conforms } from './conforms.js'

for (const noise of [
  randomizedRounding,
  nearest,
  spread(),
  spread(1),
  smoothstep,
  dithered(0),
  dithered(0.3),
  dithered(1),
])
  conforms('noise', noise)
for (const noise of [uniformDither, gaussian(), logistic()]) conforms('noise', noise)

const clipped = [
  withScale(mxfp4, e8m0Floor),
  withScale(int4, mseClip()),
  withScale(int4, fixedScale(0.3)),
  withBlock(int4, perTensor),
]
/** Rules whose casts move when they are cast again, and one that is exact. */
const moving = [
  withScale(int8, absmaxBf16),
  withScale(int4, e4m3Ceil),
  withScale(mxfp4, e8m0Nearest),
  withScale(nvfp4, e4m3Nearest),
  withScale(int4, absmaxBf16),
]
for (const format of [...builtInFormats, ...clipped, ...moving]) conforms('format', format)
for (const format of [int4, fp4, nf4, mxfp4, nvfp4, q4_0, ...clipped])
  conforms('pair', { format, noise: randomizedRounding })
for (const noise of [spread(), smoothstep, dithered(1), gaussian()]) conforms('pair', { format: int4, noise })

for (const fisher of [empirical(), adamSecondMoment(), exact()]) conforms('fisher', fisher)

for (const transformation of [
  sgd({ learningRate: 0.1 }),
  sgd({ learningRate: 0.1, momentum: 0.9 }),
  adamw({ learningRate: 0.1, weightDecay: 0.1 }),
  clipByGlobalNorm(1),
  smoothing({ format: int4, noise: randomizedRounding, fisher: empirical(), lambda: 1 }),
])
  conforms('transformation', transformation)

conforms('executor', cpuExecutor())
