// The public surface of @lotion/models.
export type { Model } from './model.js'
export { countedTargets, crossEntropy, IGNORED_TARGET, targetRange } from './cross-entropy.js'
export { llama, type Llama } from './llama.js'
export type { LlamaConfig, LlamaOptions } from './llama-config.js'
export { mlp, type Mlp, type MlpConfig, type MlpOptions } from './mlp.js'
export { gelu, relu, silu, tanh, type Activation } from './activation.js'
export { generate, nextToken, type Generation, type Sampling } from './generate.js'
