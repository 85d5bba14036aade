// Program of a project that has all packages. Comes in: nothing. Goes out: lines that are the same on every
// runtime.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSafetensors, toFloat32, writeSafetensors } from '@lotion/checkpoints'
import { verify } from '@lotion/conformance'
import { cpuExecutor } from '@lotion/cpu'
import { gpuExecutor } from '@lotion/gpu'
import { randomizedRounding } from '@lotion/noise'
import { onnxEngine } from '@lotion/onnx'
import { eagerEngine } from '@lotion/tfjs'
import * as tf from '@tensorflow/tfjs'
import { castInMemory, packedBytes, total, traced, trained } from './training.mjs'

const executor = cpuExecutor({ threads: 2 })
console.log(`cpu: ${total(executor)}, ${await packedBytes(executor)}`)
const { backend, threads } = executor.report()
console.log(`cpu: ${backend}, ${threads} threads`)

const gpu = await gpuExecutor({ mode: 'webasm' })
console.log(`gpu: ${gpu.report().mode}, ${await packedBytes(gpu)}`)
await gpu.close()

const path = join(mkdtempSync(join(tmpdir(), 'lotion-together-')), 'a.safetensors')
await writeSafetensors(path, { w: { data: Float32Array.of(1, 2, 3), shape: [3] } })
const file = await openSafetensors(path)
console.log(`checkpoints: ${toFloat32(await file.tensor('w'))}`)
await file.close()

console.log(`in memory: ${await castInMemory()}; traced: ${traced()}`)

const engine = await onnxEngine({ memory: executor })
console.log(`onnx: ${engine.binding}, ${await trained({ engine, executor, steps: 300 })}`)
await engine.close()

await tf.setBackend('cpu')
const eager = eagerEngine()
console.log(`tfjs: ${tf.getBackend()}, ${await trained({ engine: eager, executor, steps: 60 })}`)

const outcomes = (await verify('noise', randomizedRounding)).map(({ outcome }) => outcome)
console.log(
  `conformance: ${outcomes.length} checks, ${outcomes.filter((one) => one === 'failed').length} failed`,
)
executor.close()
