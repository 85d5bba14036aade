// Exported GGUF files in the transformers of PyPI: each weight is the one that was trained. PyTorch is too
// large to install for a test: the Python that LOTION_PYTHON names, or python3, runs this if it has torch,
// transformers, gguf and accelerate; without them the test is skipped with a warning.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ggufTarget } from '@lotion/export'
import { ggufMxfp4, q4_0, q4_0Full, q8_0 } from '@lotion/formats'
import { gpt2 } from '@lotion/models'
import { tokenizerFromJson } from '@lotion/text'
import { expect, test } from 'vitest'
import { config, folder, run, stored, tokenizerJson } from '../../test/small-models.js'
import { extents, models } from '../../test/llama-cpp-models.js'
import { openExport } from '../open-export.js'

const python = process.env['LOTION_PYTHON'] ?? 'python3'
const script = fileURLToPath(new URL('../../test/weights-of-gguf.py', import.meta.url))

function execute(...args: readonly string[]): { readonly ok: boolean; readonly text: string } {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', HF_HUB_OFFLINE: '1', DO_NOT_TRACK: '1' }
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', maxBuffer: 1e8, env })
  return { ok: status === 0, text: status === 0 ? stdout : stderr.trim() }
}

const { ok, text: why } = execute('-c', 'import torch, transformers, gguf, accelerate')
if (!ok)
  console.warn(
    `SKIPPED: GGUF files in transformers of PyPI. Reason: ${python}: ${why.split('\n').at(-1)}; set LOTION_PYTHON to a python with torch, transformers, gguf and accelerate`,
  )

// transformers reads no biases of llama, takes heads of qwen3 for 128 wide, and gives GPT-2 1024 positions.
const others = ['llama, biases', 'qwen3', 'gpt2', 'nano, without biases, a head of its own']
const read = Object.entries(models).filter(([name]) => !others.includes(name))
read.push(['gpt2', gpt2({ ...extents, context: 1024 })])

test.skipIf(!ok)('transformers finds every weight', async () => {
  const tokenizer = tokenizerFromJson(await tokenizerJson, config)
  const files = new Map<string, Record<string, string>>()
  for (const [name, model] of read)
    for (const format of [undefined, q4_0, q4_0Full, q8_0, ggufMxfp4]) {
      const path = await run(name.replaceAll(/\W+/g, '-'), tokenizer, model, stored(model, 5))
      const opened = await openExport(path, format ? { format } : {})
      const to = join(await folder, `${name.replaceAll(/\W+/g, '-')}-${format?.name ?? 'f32'}.gguf`)
      const [file] = await ggufTarget.files(opened)
      await writeFile(to, file!.pieces())
      const hashes: Record<string, string> = {}
      for (const { name: tensor, read: weights } of opened.tensors)
        hashes[tensor] = createHash('sha256')
          .update(new Uint8Array((await weights()).map((weight) => weight + 0).buffer))
          .digest('hex')
      files.set(to, hashes)
      await opened.close()
    }
  const found = execute(script, ...files.keys())
  if (!found.ok) throw new Error(found.text.slice(-2000))
  expect(JSON.parse(found.text)).toEqual(Object.fromEntries(files))
})
