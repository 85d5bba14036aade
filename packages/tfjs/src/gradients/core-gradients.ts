// Registers the gradients of tfjs-core. Comes in: nothing. Goes out: a warning where they are of another
// version than the tfjs-core that runs: in Node they are a copy (scripts/bundle-gradients.mjs), which an
// update of tfjs-core does not change.

import { gradientsVersion } from '#core-gradients'
import { version_core as coreVersion } from '@tensorflow/tfjs-core'

/** Say that gradients and forward passes are of different versions, or nothing. */
export const versionWarning = (gradients: string, core: string): string | undefined =>
  gradients === core
    ? undefined
    : `@tensorflow/tfjs-core: expected ${gradients}, whose gradients @lotion/tfjs brings for Node, found ${core}; ` +
      `one that ${core} changed would be the old one: install @tensorflow/tfjs-core@${gradients}, or a later @lotion/tfjs`

const warning = versionWarning(gradientsVersion, coreVersion)
if (warning !== undefined) console.warn(`lotion: ${warning}`)
