// The control tokens that a text is put between. Comes in: a tokenizer.json, a tokenizer_config.json. Goes
// out: whether one stands before and after a text; and a file that says so.
// Source: TemplateProcessing of PyPI tokenizers; `add_bos_token` of transformers.

import { isRecord } from './tokenizer-file.js'

type Json = Readonly<Record<string, unknown>>

/** Whether a text begins and ends with a control token of the config. */
export interface AddedEnds {
  readonly bos: boolean
  readonly eos: boolean
}

/**
 * Which of the tokens `bos_token` and `eos_token` a text is put between: as the config says, else as the
 * template of the tokenizer.json does it. That a token has a name does not mean that it is added: SmolLM2 and
 * GPT-2 name one, and their texts begin without.
 */
export function addedEnds(json: Json, config: Json): AddedEnds {
  const { before, after } = templateEnds(json['post_processor'])
  const adds = (token: unknown, said: unknown, found: unknown): boolean => {
    const text = tokenText(token)
    return text !== undefined && (typeof said === 'boolean' ? said : found === text)
  }
  return {
    bos: adds(config['bos_token'], config['add_bos_token'], before),
    eos: adds(config['eos_token'], config['add_eos_token'], after),
  }
}

/** A token in a config is its text, or an object that has it. */
export function tokenText(given: unknown): string | undefined {
  const text = isRecord(given) ? given['content'] : given
  return typeof text === 'string' ? text : undefined
}

/** The control tokens of a template. */
function templateEnds(part: unknown): { readonly before?: unknown; readonly after?: unknown } {
  if (!isRecord(part)) return {}
  if (part['type'] === 'Sequence' && Array.isArray(part['processors']))
    return Object.assign({}, ...part['processors'].map(templateEnds)) as Json
  const single = part['type'] === 'TemplateProcessing' ? part['single'] : undefined
  if (!Array.isArray(single)) return {}
  const tokens = single.map((piece: unknown) =>
    isRecord(piece) && isRecord(piece['SpecialToken']) ? piece['SpecialToken']['id'] : undefined,
  )
  return { before: tokens[0], after: tokens.at(-1) }
}

/**
 * A tokenizer.json whose template puts a text after a token, or after none: readers of the file alone do not
 * look at `add_bos_token`.
 * @param json As it came.
 * @param bos The token and its id; undefined where a text begins without.
 */
export function withTemplate(
  json: Json,
  bos: { readonly text: string; readonly id: number } | undefined,
): Json {
  if (templateEnds(json['post_processor']).before === bos?.text) return json
  const others = withoutTemplate(json['post_processor'])
  const piece = (id: string, type_id: number) => ({ Sequence: { id, type_id } })
  const first = bos && { SpecialToken: { id: bos.text, type_id: 0 } }
  const template = bos && {
    type: 'TemplateProcessing',
    single: [first, piece('A', 0)],
    pair: [first, piece('A', 0), piece('B', 1)],
    special_tokens: { [bos.text]: { id: bos.text, ids: [bos.id], tokens: [bos.text] } },
  }
  const processors = [...others, ...(template ? [template] : [])]
  const [only] = processors
  return {
    ...json,
    post_processor: processors.length > 1 ? { type: 'Sequence', processors } : (only ?? null),
  }
}

function withoutTemplate(part: unknown): readonly unknown[] {
  if (!isRecord(part) || part['type'] === 'TemplateProcessing') return []
  return part['type'] === 'Sequence' && Array.isArray(part['processors'])
    ? part['processors'].flatMap(withoutTemplate)
    : [part]
}
