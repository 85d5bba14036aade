// Gradients of tfjs-core, and the chained methods of tensors that they call, where a bundler finds the files.
// Comes in: nothing. Goes out: the version they are of; they are registered. Node takes core-gradients.js,
// made from this.
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
export { version_core as gradientsVersion } from '@tensorflow/tfjs-core'
