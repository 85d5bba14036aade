// Reference arithmetic: run something on tfjs's cpu backend, whatever backend is current.
// Comes in: an asynchronous function. Goes out: its result; the backend that was current is current again.

import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'

/** Run with tfjs's cpu backend current; nothing else may use tfjs meanwhile. */
export async function onCpuBackend<R>(run: () => Promise<R>): Promise<R> {
  const previous: string | undefined = tf.getBackend()
  const production = tf.env().getBool('PROD')
  // The cpu backend's advice to install a faster one does not apply to a reference.
  tf.env().set('PROD', true)
  await tf.setBackend('cpu')
  try {
    return await run()
  } finally {
    if (previous && previous !== 'cpu') await tf.setBackend(previous)
    tf.env().set('PROD', production)
  }
}
