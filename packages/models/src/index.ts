// The public surface of @lotion/models.
export type { Model } from './model.js'
export { countedTargets, crossEntropy, IGNORED_TARGET, targetRange } from './cross-entropy.js'
export { llama, type Llama } from './llama.js'
export type { BiasedLayers, LlamaConfig, LlamaOptions } from './llama-config.js'
export type { LinearRopeScaling, Llama3RopeScaling, RopeScaling } from './rope-scaling.js'
export { gpt2, type Gpt2, type Gpt2Config, type Gpt2Options } from './gpt2.js'
export {
  presetModel,
  presets,
  type Gpt2Preset,
  type LlamaPreset,
  type Preset,
  type PresetName,
  type PresetOptions,
} from './presets.js'
export type { CausalConfig, DecoderModel } from './decoder/decoder.js'
export { dropoutBatches, type DropoutOptions } from './dropout-batches.js'
export {
  defineArchitecture,
  type Architecture,
  type ArchitectureDefinition,
  type DescribedModel,
  type CausalModel,
  type HuggingFaceConfig,
} from './architectures/define-architecture.js'
export type { KeyReader, KeyReaders, KeyValues } from './architectures/config-keys.js'
export * from './architectures/built-in.js'
export {
  architectureOf,
  builtInArchitectures,
  configOf,
  modelFromConfig,
  type ConfiguredModel,
  type ModelFromConfigOptions,
} from './architectures/architectures.js'
export type { StoredTensor } from './architectures/stored-tensors.js'
export {
  checkTensors,
  type FoundTensor,
  type FoundTensors,
  type TensorShapes,
  type TiedHead,
} from './architectures/check-tensors.js'
export {
  loadParameters,
  type LoadParametersOptions,
  type ParameterSource,
} from './architectures/load-parameters.js'
export * from './sampled-labels.js'
export { mlp, type Mlp, type MlpConfig, type MlpOptions } from './mlp.js'
export { gelu, relu, silu, tanh, type Activation } from './activation.js'
export { generate, type Generation } from './generate.js'
export { nextToken, type Sampling } from './next-token.js'
export { continuation, type Continuation } from './continuation.js'
export { openDecoding, type Decoding, type DecodingOptions } from './decoding.js'
