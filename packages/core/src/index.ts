// The public surface of @lotion/core, in the order in which data flows.
export type * from './contracts.js'
export * from './tree.js'
export {
  type Block,
  type BlockAxis,
  type BlockLayout,
  blockOf,
  perRow,
  perTensor,
  sizeOf,
  layoutOf,
} from './blocks.js'

export { integers, normals, uniforms, type RandomKey } from './numbers/threefry.js'

export {
  laneRates,
  type Rate,
  type ReductionRule,
  laneReductions,
  type Reduction,
  type UnaryOp,
  type BinaryOp,
  type LaneNode,
  type ReduceNode,
  type TotalNode,
  type LaneGraph,
} from './lanes/node.js'
export { type Operand, type Lane, type LaneFn, defineLanes, trace } from './lanes/lane.js'
export * from './lanes/gradient.js'

export { type Level, type Levels, levelsOf } from './schedule/levels.js'

export { type EvaluateCall, type Arithmetic, evaluate } from './evaluate.js'

export * from './code/emit-tex.js'

export { type FamilyNumber, type Family, defineFamily, numbersOf, membersOf } from './catalogue.js'
export type * from './codes.js'
export type * from './plugins.js'
export * from './site.js'
export { type Located, locate, nearestCast, castVariance } from './locate.js'
export * from './cast.js'
export {
  type PartLanes,
  type SlotLanes,
  type PartDefinition,
  scalarNames,
  observedSlots,
  fisherDiagonal,
} from './steps/step-part.js'
export type * from './executor.js'

export * from './engine/check-arguments.js'
export * from './engine/check-ids.js'
export * from './engine/exclusive-calls.js'
export * from './engine/guarded-batch.js'
export * from './engine/shape-book.js'

export { checkUpload } from './checks/checked-call.js'
export type { SkipOptions } from './checks/skip-guard.js'
