// Program of a page or of its module worker, bundled by a stranger's tool. Comes in: `?worker=true` for the
// worker. Goes out: lines as `together.mjs` prints them, and how they came about, posted to the server.
import { cpuExecutor } from '@lotion/cpu'
import { gpuExecutor } from '@lotion/gpu'
import { eagerEngine } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import { castInMemory, packedBytes, total, traced, trained } from './training.mjs'

const inPage = typeof document === 'object'
const post = (value) => fetch('/result', { method: 'POST', body: JSON.stringify(value) })

async function results() {
  const executor = cpuExecutor({ threads: 2 })
  const cpu = `cpu: ${total(executor)}, ${await packedBytes(executor)}`
  const { backend, threads, reasons } = executor.report()
  const modes = ['webgpu', ...(inPage ? ['webgl2'] : []), 'webasm']
  const gpu = []
  for (const mode of modes) {
    const one = await gpuExecutor({ mode })
    gpu.push(`gpu: ${one.report().mode}, ${await packedBytes(one)}`)
    await one.close()
  }
  await tf.setBackend('cpu')
  const loss = await trained({ engine: eagerEngine(), executor, steps: 60 })
  const memory = `in memory: ${await castInMemory()}; traced: ${traced()}`
  executor.close()
  return {
    lines: [cpu, ...gpu, memory, `tfjs: ${tf.getBackend()}, ${loss}`],
    ran: `${backend}, ${threads} threads ${reasons.join('; ')}`.trim(),
    isolated: globalThis.crossOriginIsolated,
    inPage,
  }
}

if (inPage && new URL(location.href).searchParams.get('worker') === 'true') {
  const worker = new Worker(import.meta.url, { type: 'module' })
  worker.addEventListener('error', ({ message }) => void post({ error: `worker: ${message}` }))
} else
  void results()
    .catch((error) => ({ error: String(error?.stack ?? error) }))
    .then(post)
