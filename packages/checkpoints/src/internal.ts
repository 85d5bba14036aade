// What sister packages need of @lotion/checkpoints: no promise, it may change in any release.
export { exactJson, parseExactJson } from './exact-json.js'
export { removeAbandoned, temporaryBeside } from './temporary-name.js'
export { gridPlaces } from './cast/weight-statistics.js'
export { sourceOf } from './open-safetensors.js'
export { ownerHere, stateOf, type ProcessOwner } from './process-owner.js'
export { gridRecords, WHICH_WEIGHTS } from './cast/cast-metadata.js'
export { quantizedWeights } from './cast/quantized-weights.js'
export { nearestOf, quantizedOf } from './cast/read-quantized.js'
