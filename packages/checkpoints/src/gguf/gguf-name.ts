// Names of GGUF files. Comes in: a path. Goes out: whether it is one's.

/** Whether a path is that of a GGUF file, by its name. */
export function isGguf(path: string): boolean {
  return /\.gguf$/i.test(path)
}
