// Writes a WebAssembly module: an imported memory, functions, their exports. Comes in: functions by name.
// Goes out: the module's bytes. Source: WebAssembly 2.0, binary format, section 5.5.

import { unsigned, type FunctionWriter } from './function-writer.js'
import { MAX_PAGES } from '../web-assembly.js'

/** The magic number and version 1. */
const moduleHeader = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00] as const

const utf8 = new TextEncoder()

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
]

const text = (value: string): number[] => vector([...utf8.encode(value)].map((byte) => [byte]))

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
]

/** Encode functions that use the memory `env.memory`, shared or not, and are exported by name. */
export function moduleBytes(
  functions: Readonly<Record<string, FunctionWriter>>,
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const all = Object.entries(functions)
  const memory = [0x02, shared ? 0x03 : 0x01, ...unsigned(0), ...unsigned(MAX_PAGES)]
  return Uint8Array.from([
    ...moduleHeader,
    ...section(1, vector(all.map(([, { params }]) => [0x60, ...vector(params.map((type) => [type])), 0]))),
    ...section(2, vector([[...text('env'), ...text('memory'), ...memory]])),
    ...section(3, vector(all.map((_, index) => unsigned(index)))),
    ...section(7, vector(all.map(([name], index) => [...text(name), 0x00, ...unsigned(index)]))),
    ...section(
      10,
      vector(
        all.map(([, writer]) => {
          const code = writer.code()
          return [...unsigned(code.length), ...code]
        }),
      ),
    ),
  ])
}
