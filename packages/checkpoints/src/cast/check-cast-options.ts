// What a cast can be asked for. Comes in: its options as they arrive, from code with types or without. Goes
// out: nothing, or an error that names the option, before anything is read or written.

import type { NumberFormat } from '@lotion/core'
import { checkFormat, isNoise, oneOf, refuseUnknownKeys, shownValue } from '@lotion/core/internal'
import { builtInFormats, knownFormats, packingOf, type Packing } from '@lotion/formats'
import { canStore, canSwizzle } from '@lotion/formats/internal'
import { nearest } from '@lotion/noise'
import { isGguf } from '../gguf/gguf-name.js'
import { writableFloats } from '../from-float32.js'
import type { CastFileOptions } from './cast-file.js'
import type { CastOptions } from './cast-sources.js'

const optionNames: Readonly<Record<keyof Required<CastOptions>, true>> = {
  format: true,
  formats: true,
  axis: true,
  only: true,
  again: true,
  noise: true,
  seed: true,
  dtype: true,
  packed: true,
  swizzle: true,
  signal: true,
  progress: true,
}

const fileOptionNames: Readonly<Record<Exclude<keyof CastFileOptions, keyof CastOptions>, true>> = {
  from: true,
  to: true,
  shardBytes: true,
}

/** An option of a cast that cannot be honoured, whatever the weights are. */
export class CastOptionError extends RangeError {
  /**
   * @param option The option that is refused.
   * @param message What was expected and what was found; the option's name is put before it.
   */
  constructor(
    /** The option, of `castFile` those of files as well, or `scale` for the rule of the format. */
    readonly option: keyof CastOptions | 'from' | 'to' | 'shardBytes' | 'scale',
    message: string,
  ) {
    super(`${option}: ${message}`)
  }
}

/** Check the options of `castFile`. @throws as `checkCastOptions`. */
export function checkCastFileOptions(options: CastFileOptions): void {
  refuseUnknownKeys('castFile', options, { ...optionNames, ...fileOptionNames })
  for (const name of ['from', 'to'] as const)
    if (typeof options[name] !== 'string' || options[name] === '')
      throw new CastOptionError(name, `expected a path, found ${shownValue(options[name])}`)
  if (isGguf(options.from))
    throw new CastOptionError(
      'from',
      `expected a safetensors checkpoint, found the GGUF file '${options.from}', whose tensors have other names and orders of rows; ` +
        `write those of \`hfTensors\` with \`writeSafetensors\` first`,
    )
  checkTogether(options)
}

/**
 * Check what the options of `castBytes` say by themselves and together.
 * @throws CastOptionError naming the option, what was expected and found; for what the types do not allow,
 * TypeError or RangeError as well.
 */
export function checkCastOptions(options: CastOptions): void {
  refuseUnknownKeys('castBytes', options, optionNames)
  checkTogether(options)
}

function checkTogether(options: CastOptions): void {
  const { format, formats = [], noise, seed, dtype, packed = false, swizzle = false, only, axis } = options
  const { signal, progress } = options
  checkFormat('format', format)
  knownFormats([format])
  checkFormats(formats, format)
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function')
    throw new CastOptionError('signal', `expected an AbortSignal, found ${shownValue(signal)}`)
  if (progress !== undefined && typeof progress !== 'function')
    throw new CastOptionError('progress', `expected a function, found ${shownValue(progress)}`)
  for (const [name, value] of Object.entries({ packed, swizzle, again: options.again ?? false }))
    oneOf(name, value, [true, false])
  if (only !== undefined && !(only instanceof RegExp))
    throw new CastOptionError('only', `expected a regular expression, found ${shownValue(only)}`)
  if (axis !== undefined && !(Array.isArray(axis) ? axis.length === 2 : typeof axis === 'number'))
    throw new CastOptionError(
      'axis',
      `expected an axis, or first and last of several, found ${shownValue(axis)}`,
    )
  if (noise !== undefined && !isNoise(noise))
    throw new CastOptionError('noise', `expected a noise of @lotion/noise, found ${shownValue(noise)}`)
  if (noise !== undefined && !noise.claims.onGrid)
    throw new CastOptionError(
      'noise',
      `expected a law whose outcomes are grid points, found '${noise.name}', whose are not: what it gives is no cast`,
    )
  if (seed !== undefined && (noise === undefined || noise === nearest))
    throw new CastOptionError(
      'seed',
      `nearest rounding draws nothing, found ${seed}; add option 'noise' randomized-rounding`,
    )
  if (dtype !== undefined) {
    oneOf('dtype', dtype, [...writableFloats, 'same'])
    if (packed)
      throw new CastOptionError(
        'dtype',
        `packed weights are codes and scales, found ${dtype}; leave out option 'packed' or option 'dtype'`,
      )
  }
  if (swizzle && !packed)
    throw new CastOptionError(
      'swizzle',
      `an order of packed scales; add option 'packed', or leave out option 'swizzle'`,
    )
  if (packed) packingFor(format, swizzle)
}

/**
 * Check that option `formats` is a list of formats that can be told by name, beside `format` too.
 * @throws CastOptionError; TypeError for one that is no format.
 */
export function checkFormats(formats: unknown, format?: NumberFormat): readonly NumberFormat[] {
  if (!Array.isArray(formats))
    throw new CastOptionError('formats', `expected a list of number formats, found ${shownValue(formats)}`)
  for (const one of formats) checkFormat('formats', one)
  try {
    return knownFormats(format ? [format, ...formats] : formats)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new CastOptionError('formats', error.message.replace(/^format: /, ''))
  }
}

/**
 * The packing of a format, its scales in tiles if `swizzle` is set.
 * @throws CastOptionError if the format has no codes, they cannot hold the scales of its rule, or there are
 * no tiles of them.
 */
export function packingFor(format: NumberFormat, swizzle = false): Packing {
  const { name, scale, packing } = format
  if (!packing)
    throw new CastOptionError(
      'packed',
      `expected a format with codes of its points and scales, found none in ${name}; ` +
        "give `packing` to defineFormat, or leave out option 'packed'",
    )
  if (!canStore(format, scale)) {
    const own = builtInFormats.find((builtIn) => builtIn.name === name)?.scale.name
    if (own !== undefined)
      throw new CastOptionError(
        'scale',
        `the bytes of ${name} hold scales of ${own}, found ${scale.name}; leave out option 'packed' or option 'scale'`,
      )
    const held = levels(packing.scale?.name, packing.tensorScale !== undefined)
    throw new CastOptionError(
      'packed',
      `the bytes of ${name} hold ${held}, found the rule ${scale.name} with ${levels(scale.stored, scale.tensorBits !== undefined)}; ` +
        "take a packing and a scale rule that fit each other, or leave out option 'packed'",
    )
  }
  if (swizzle && !canSwizzle(format)) {
    const names = builtInFormats.filter(canSwizzle).map((builtIn) => builtIn.name)
    throw new CastOptionError(
      'swizzle',
      `expected option 'format' ${names.join(' or ')}, found ${name}; leave out option 'swizzle'`,
    )
  }
  return packingOf(format, { swizzled: swizzle })
}

/** Scales of a block, and whether the tensor has one of its own. */
function levels(scales: string | undefined, ofTensor: boolean): string {
  return `${scales === undefined ? 'no scales' : `scales of ${scales}`}${ofTensor ? ' and one of the tensor' : ''}`
}
