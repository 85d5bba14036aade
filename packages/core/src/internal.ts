// What sister packages need of @lotion/core: no promise, it may change in any release.
export { axesOf, flatLayout, weightsOf, parseBlock, blockName, parseAxis, axisName } from './blocks.js'
export { binade } from './numbers/binade.js'
export * from './numbers/rotary-frequencies.js'
export * from './numbers/sums.js'
export { keyWords, randomWords, THREEFRY_PARITY, threefryRotations } from './numbers/threefry.js'
export * from './numbers/ulp-distance.js'
export {
  isHigher,
  higherRate,
  isOnce,
  isReduction,
  isMaximum,
  isTotal,
  operandsOf,
  reachable,
} from './lanes/node.js'
export { type LaneSource, builderOf } from './lanes/lane.js'
export * from './schedule/block-walk.js'
export { frontier } from './schedule/levels.js'
export * from './schedule/per-formula.js'
export * from './schedule/totals.js'
export { type Rounding, rounding, allArithmetics } from './evaluate.js'
export * from './code/argument.js'
export * from './code/emit-js.js'
export * as onnxMessages from './code/onnx-messages.js'
export type { OnnxAttribute, OnnxNode, OnnxType, OnnxValue } from './code/onnx-messages.js'
export * as protobuf from './code/protobuf-bytes.js'
export * from './code/wgsl-arithmetic.js'
export * from './code/wgsl-dialect.js'
export { familyOfOne, catalogueOf, familiesOf, isFamily } from './catalogue.js'
export { drawnCast } from './locate.js'
export { isDue, joinNeeds, refuseUndelivered } from './steps/signal.js'
export { definePart, updateLanes, penaltyLane } from './steps/step-part.js'
export * from './checks/check-format.js'
export * from './checks/check-record.js'
export { type CheckedCall, checkCall } from './checks/checked-call.js'
export * from './checks/is-plugin.js'
export * from './checks/nearest-name.js'
export * from './checks/one-of.js'
export * from './checks/refuse-unknown-keys.js'
export * from './checks/shown-value.js'
export {
  Diverged,
  fewNames,
  type SkipGuard,
  skipGuard,
  type NotFinite,
  notFiniteText,
} from './checks/skip-guard.js'
export * from './host/host-memory.js'
export * from './host/thread-count.js'
export * from './host/unseen-memory.js'
