// Which way of training gives the best 4-bit file of SmolLM2? Comes in: the checkpoint, texts. Goes out: a
// table. Stopped and started again it goes on where it was.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { methods, type MethodName } from './cells.js'
import { compare, type Row } from './compare.js'
import { tablesOf, withTables } from './table.js'

const { values } = parseArgs({
  options: {
    model: { type: 'string' },
    text: { type: 'string', multiple: true, default: [] },
    formats: { type: 'string', default: 'q4_0,mxfp4' },
    rates: { type: 'string', default: '3e-5,1e-4,3e-4' },
    seeds: { type: 'string', default: '0,1' },
    steps: { type: 'string', default: '60' },
    batch: { type: 'string', default: '2' },
    context: { type: 'string', default: '256' },
    judged: { type: 'string', default: '8192' },
    threads: { type: 'string' },
    page: { type: 'string' },
    out: { type: 'string', default: 'smollm2-runs' },
  },
})

const numbers = (text: string): readonly number[] => text.split(',').map(Number)
const { model, text: words } = values
if (model === undefined || words.length === 0)
  throw new Error(
    'expected a checkpoint and texts, found none: npm start -- --model <file.gguf> --text <name=train.txt,choose.txt,test.txt>',
  )
const texts = words.map((word) => {
  const [, name, ...paths] = /^([^=]+)=([^,]+),([^,]+),([^,]+)$/.exec(word) ?? []
  const [train, choose, test] = paths.map((path) => resolve(path))
  if (name === undefined || train === undefined || choose === undefined || test === undefined)
    throw new Error(`text: expected name=train.txt,choose.txt,test.txt, found '${word}'`)
  return { name, train, choose, test }
})

const [checkpoint, folder] = [resolve(model), resolve(values.out)]
const page = values.page === undefined ? undefined : resolve(values.page)
// A page without a place for them is refused before anything is trained.
if (page !== undefined) withTables(readFileSync(page, 'utf8'), [])
mkdirSync(folder, { recursive: true })
// Tokens are kept where a command stands.
process.chdir(folder)
const done: Row[] = []
await compare(
  {
    model: checkpoint,
    texts,
    formats: values.formats.split(','),
    methods: Object.keys(methods) as MethodName[],
    rates: numbers(values.rates),
    seeds: numbers(values.seeds),
    steps: Number(values.steps),
    batch: Number(values.batch),
    context: Number(values.context),
    judged: Number(values.judged),
    folder,
    ...(values.threads !== undefined && { threads: Number(values.threads) }),
  },
  (row) => {
    done.push(row)
    writeFileSync('table.md', tablesOf(done))
    process.stderr.write(`\n${tablesOf(done)}\n`)
  },
)
if (page !== undefined) writeFileSync(page, withTables(readFileSync(page, 'utf8'), done))
process.stdout.write(tablesOf(done))
