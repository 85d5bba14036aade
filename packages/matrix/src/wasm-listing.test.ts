import { describe, expect, it } from 'vitest'
import { listWasm } from './wasm-listing.js'

const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const section = (id: number, ...content: readonly number[]): number[] => [id, content.length, ...content]

/** A module with one function (i32) of these instructions. */
const moduleOf = (...code: readonly number[]): Uint8Array =>
  Uint8Array.from([
    ...header,
    ...section(1, 1, 0x60, 1, 0x7f, 0),
    ...section(2, 1, 3, 0x65, 0x6e, 0x76, 1, 0x6d, 0x02, 0x01, 0, 2),
    ...section(3, 1, 0),
    ...section(7, 1, 1, 0x66, 0, 0),
    ...section(10, 1, code.length + 4, 1, 1, 0x7b, ...code, 0x0b),
  ])

describe('listWasm', () => {
  it('folds operands into statements, and shows structure', () => {
    const code = [
      [0x03, 0x40], // loop
      [0x20, 0, 0xfd, 0x00, 0, 4, 0xfd, 0xe3, 0x01, 0x22, 1], // v1 = sqrt(load)
      [0x1a], // drop
      [0x20, 0, 0x41, 0x70, 0x6a, 0x20, 1, 0xfd, 0x5a, 0, 8, 2], // store lane 2 at v0 − 16
      [0x20, 0, 0x0d, 0, 0x0b],
    ].flat()
    expect(listWasm(moduleOf(...code))).toBe(
      [
        'memory env.m, 0 to 2 pages',
        'f(v0: i32)',
        '  loop',
        '    v1 = f32x4.sqrt(v128.load +4 (v0))',
        '    drop v1',
        '    v128.store32_lane +8 lane 2 (i32.add(v0, -16), v1)',
        '    branch 0 if v0',
        '  end',
      ].join('\n'),
    )
  })

  it('shows constants as what they look like', () => {
    const splat = (value: Uint8Array): number[] => [
      0xfd,
      0x0c,
      ...value,
      ...value,
      ...value,
      ...value,
      0x21,
      1,
    ]
    const listed = listWasm(
      moduleOf(
        ...splat(new Uint8Array(Float32Array.of(-0.5).buffer)),
        ...splat(new Uint8Array(Int32Array.of(0x7fffffff).buffer)),
      ),
    )
    expect(listed.split('\n').slice(2)).toEqual(['  v1 = f32x4 -0.5', '  v1 = i32x4 0x7fffffff'])
  })

  it('refuses what it does not know, and what does not add up', () => {
    expect(() => listWasm(moduleOf(0xfc, 0))).toThrow('instruction: no form for 0xfc in f')
    expect(() => listWasm(moduleOf(0x20, 0))).toThrow('f: 1 values are left: v0')
    expect(() => listWasm(Uint8Array.from([...header, ...section(4)]))).toThrow(
      'section: expected 1, 2, 3, 7 or 10',
    )
  })
})
