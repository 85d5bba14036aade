// What kind of token an id is, in GGUF files. Comes in: nothing. Goes out: numbers by name.
// Source: llama.cpp's llama_token_type.

/** Numbers of `tokenizer.ggml.token_type`. */
export const tokenTypes = Object.freeze({
  /** Part of texts. */
  normal: 1,
  /** None of a text's: `<|endoftext|>`. */
  control: 3,
  /** Matched as it stands, before text is split. */
  userDefined: 4,
  /** A row of the model without a token. */
  unused: 5,
} as const)
