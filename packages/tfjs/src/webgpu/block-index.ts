// Where a weight's block is, and where a block's weights are, in WGSL. Comes in: a block layout. Goes out:
// functions, and the uniforms that they read. Source: `BlockLayout` of @lotion/core.

import type { BlockLayout } from '@lotion/core'
import { weightsOf } from '@lotion/core/internal'

/** Names of the uniforms, all i32. */
export const layoutUniforms = ['weights', 'blocks', 'extent', 'inner', 'size', 'lines'] as const

/** The layout in numbers, in the order of `layoutUniforms`. */
export function layoutNumbers(layout: BlockLayout): readonly number[] {
  const { length, inner, size, blocks } = layout
  return [weightsOf(layout), blocks, length, inner, size, size > 0 ? Math.ceil(length / size) : 0]
}

/** Tells apart what needs different text: equal blocks side by side, and all others. */
export type LayoutKind = 'rows' | 'lines'

export function layoutKind({ length, inner, size }: BlockLayout): LayoutKind {
  return inner === 1 && length % size === 0 ? 'rows' : 'lines'
}

/** `block_of(weight)`, `weight_of(block, place)` and `count_of(block)`. */
export const blockIndexCode: Readonly<Record<LayoutKind, string>> = Object.freeze({
  rows: `
fn block_of(i : i32) -> i32 { return i / uniforms.size; }
fn weight_of(b : i32, k : i32) -> i32 { return b * uniforms.size + k; }
fn count_of(b : i32) -> i32 { return uniforms.size; }
`,
  lines: `
fn block_of(i : i32) -> i32 {
  let line = i / uniforms.inner;
  let outer = line / uniforms.extent;
  let place = (line - outer * uniforms.extent) / uniforms.size;
  return (outer * uniforms.lines + place) * uniforms.inner + i % uniforms.inner;
}
fn weight_of(b : i32, k : i32) -> i32 {
  let line = b / uniforms.inner;
  let outer = line / uniforms.lines;
  let place = (line - outer * uniforms.lines) * uniforms.size + k;
  return (outer * uniforms.extent + place) * uniforms.inner + b % uniforms.inner;
}
fn count_of(b : i32) -> i32 {
  return min(uniforms.size, uniforms.extent - ((b / uniforms.inner) % uniforms.lines) * uniforms.size);
}
`,
})
