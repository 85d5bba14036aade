// The functions in WGSL by the names that kernels call them. Comes in: which operations are the device's own.
// Goes out: declarations for gpu.js. Source: docs/design/08-gpu.md.

import { wgslArithmetic, type ArithmeticChoice } from '@lotion/core/internal'
import type { NativeFunction } from './gpu-js.js'
import { WGSL_DOUBLE_SUMS } from './wgsl/double-sums.js'
import { WGSL_THREEFRY } from './wgsl/threefry.js'

const typed = (names: string, type: string): Record<string, string> =>
  Object.fromEntries(names.split(' ').map((name) => [name, type]))

const declarations: readonly Omit<NativeFunction, 'source'>[] = [
  ...['fadd', 'fsub', 'fmul', 'fdiv'].map((name) => ({
    name,
    argumentTypes: typed('x y', 'Number'),
    returnType: 'Number',
  })),
  ...['fabs', 'fsqrt', 'ffloor', 'fbinade', 'sumClear', 'sumSingle', 'sumRounded'].map((name) => ({
    name,
    argumentTypes: typed('x', 'Number'),
    returnType: 'Number',
  })),
  { name: 'fless', argumentTypes: typed('x y', 'Number'), returnType: 'Boolean' },
  { name: 'fpick', argumentTypes: { yes: 'Boolean', x: 'Number', y: 'Number' }, returnType: 'Number' },
  { name: 'unbits', argumentTypes: { x: 'Integer' }, returnType: 'Number' },
  { name: 'quotient', argumentTypes: typed('a b', 'Integer'), returnType: 'Integer' },
  { name: 'sumDouble', argumentTypes: typed('x y z', 'Number'), returnType: 'Number' },
  { name: 'sumChunk', argumentTypes: typed('a b c d e f g h i j k l', 'Number'), returnType: 'Number' },
  { name: 'sumPart', argumentTypes: { part: 'Integer' }, returnType: 'Number' },
  { name: 'uniform', argumentTypes: typed('i key0 key1 key2 step', 'Integer'), returnType: 'Number' },
]

/** The statement that brings all functions into a kernel. */
export const WGSL_PRELUDE = 'const prelude = lotionPrelude()'

/** Declare the functions; gpu.js adds the text of those that a kernel calls, so one carries all of it. */
export function wgslFunctions(choice: Omit<ArithmeticChoice, 'zero'>): readonly NativeFunction[] {
  const library = [
    // A number that gpu.js sets for every run: 1 for kernels over a line.
    wgslArithmetic({ ...choice, zero: 'params.outputY - 1u' }),
    WGSL_DOUBLE_SUMS,
    WGSL_THREEFRY,
    'fn fn_lotionPrelude() -> f32 { return 0.0; }',
  ]
  return [
    { name: 'lotionPrelude', source: library.join('\n'), argumentTypes: {}, returnType: 'Number' },
    ...declarations.map((declaration) => ({ ...declaration, source: `// ${declaration.name}` })),
  ]
}
