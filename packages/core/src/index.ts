// The public surface of @lotion/core, in the order in which data flows.
export type * from './contracts.js'
export * from './tree.js'
export * from './blocks.js'

export { binade } from './numbers/binade.js'
export * from './numbers/sums.js'
export {
  integers,
  keyWords,
  normals,
  randomWords,
  THREEFRY_PARITY,
  threefryRotations,
  uniforms,
  type RandomKey,
} from './numbers/threefry.js'
export * from './numbers/ulp-distance.js'

export * from './lanes/node.js'
export * from './lanes/lane.js'
export * from './lanes/gradient.js'

export * from './schedule/block-walk.js'
export * from './schedule/levels.js'
export * from './schedule/per-formula.js'
export * from './schedule/totals.js'

export * from './evaluate.js'

export * from './code/argument.js'
export * from './code/emit-js.js'
export * from './code/emit-tex.js'
export * from './code/wgsl-arithmetic.js'
export * from './code/wgsl-dialect.js'

export * from './catalogue.js'
export type * from './codes.js'
export type * from './plugins.js'
export * from './site.js'
export * from './locate.js'
export * from './cast.js'
export { isDue, joinNeeds, refuseUndelivered } from './steps/signal.js'
export * from './steps/step-part.js'
export type * from './executor.js'

export * from './engine/check-arguments.js'
export * from './engine/check-ids.js'
export * from './engine/exclusive-calls.js'
export * from './engine/guarded-batch.js'
export * from './engine/shape-book.js'

export * from './checks/check-format.js'
export * from './checks/check-record.js'
export * from './checks/checked-call.js'
export * from './checks/is-plugin.js'
export * from './checks/nearest-name.js'
export * from './checks/one-of.js'
export * from './checks/refuse-unknown-keys.js'
export * from './checks/shown-value.js'
export * from './checks/skip-guard.js'

export * from './host/host-memory.js'
export * from './host/thread-count.js'
export * from './host/unseen-memory.js'
