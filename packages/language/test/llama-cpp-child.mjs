// llama.cpp in a process of its own, since it may end it. Comes in: JSON on standard input: files, windows of
// ids, texts. Goes out: JSON, for each file the logits after each id, ids of the texts.
// Source: npm node-llama-cpp 3.22.
import { readFileSync } from 'node:fs'
import { getLlama, LlamaLogLevel } from 'node-llama-cpp'

const { files, contextSize } = JSON.parse(readFileSync(0, 'utf8'))
const options = { gpu: false, build: 'never', skipDownload: true, progressLogs: false, maxThreads: 1 }
const llama = await getLlama({ ...options, logLevel: LlamaLogLevel.error })
// Attention as it is defined, on numbers that are not rounded.
const exact = {
  flashAttention: false,
  experimentalKvCacheKeyType: 'F32',
  experimentalKvCacheValueType: 'F32',
}
const found = []
for (const { path: modelPath, windows = [], texts = [] } of files) {
  const model = await llama.loadModel({ modelPath, gpuLayers: 0 })
  const context = await model.createContext({ contextSize, threads: 1, ...exact })
  const sequence = context.getSequence()
  const logits = []
  for (const ids of windows) {
    await sequence.clearHistory()
    const told = await sequence.controlledEvaluate(ids.map((id) => [id, { generateNext: { logits: true } }]))
    logits.push(
      told.map(({ next }) => {
        const row = []
        for (const [id, logit] of next.logits) row[id] = logit
        return row
      }),
    )
  }
  found.push({ logits, tokens: texts.map((text) => model.tokenize(text)) })
  await model.dispose()
}
process.stdout.write(JSON.stringify(found), () => process.exit())
