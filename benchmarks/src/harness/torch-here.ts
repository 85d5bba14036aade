// Whether tests may compare with PyTorch. Comes in: LOTION_PYTHON. Goes out: yes, or no and a loud word.
// Source: for tests, which fetch nothing.

/** Whether there is a Python with PyTorch to test against; if not, says what is not tested. */
export function withTorchHere(what: string): boolean {
  const here = Boolean(process.env['LOTION_PYTHON'])
  if (!here) console.warn(`SKIPPED: PyTorch's side of ${what}. Set LOTION_PYTHON to a Python that has torch.`)
  return here
}
