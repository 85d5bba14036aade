// What lies beside a tokenizer.json. Comes in: a folder. Goes out: its tokenizer_config.json with the chat
// template, which transformers of today writes into a file of its own.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { jsonIn } from './json-in.js'

const TEMPLATE = 'chat_template.jinja'

/**
 * Read it; nothing where neither file is there. As in transformers, a template in its own file goes before
 * one in the config.
 * @throws Error naming a path that cannot be read, RangeError if it is no JSON.
 */
export async function tokenizerConfigIn(folder: string): Promise<unknown> {
  const config = await jsonIn(folder, 'tokenizer_config.json')
  const path = join(folder, TEMPLATE)
  const template = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
    throw new Error(`cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (template === undefined) return config
  return { ...(typeof config === 'object' ? config : {}), chat_template: template }
}
