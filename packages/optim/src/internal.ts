// What sister packages need of @lotion/optim: no promise, it may change in any release.
export { isMethod } from './check-plugins.js'
export { type Layer, layerOf } from './layer-of.js'
export { patternTest } from './name-pattern.js'
export { stepLanes } from './step-forms.js'
export { LINEAR_STEP_SIZE } from './step-size.js'
export { resolved } from './transformation.js'
