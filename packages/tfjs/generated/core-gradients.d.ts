import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
/** The version of tfjs-core whose gradients these are. */
export declare const gradientsVersion: string
