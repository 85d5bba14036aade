// The architectures that this package knows. Comes in: nothing. Goes out: one export each; adding one is its
// file and one line here.

export { llamaArchitecture } from './llama.js'
export { mistralArchitecture } from './mistral.js'
export { qwen2Architecture } from './qwen2.js'
export { qwen3Architecture } from './qwen3.js'
export { gpt2Architecture } from './gpt2.js'
