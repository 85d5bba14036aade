// Tests of the API reports on a small made-up package: what changes for users changes a report, nothing else.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { apiReports } from './api-reports.mjs'

const base = mkdtempSync(join(tmpdir(), 'lotion-api-test-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

/** Reports the entry of a package whose declarations are these. */
function reportOf(declarations: string) {
  const folder = join(base, 'packages/one')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "name": "@scope/one", "version": "1.0.0" }')
  writeFileSync(join(folder, 'index.d.ts'), declarations)
  const entry = { name: '@scope/one/sub', folder: 'packages/one', subpath: './sub', types: './index.d.ts' }
  return apiReports([entry], base)[0]
}

describe('apiReports', () => {
  const before = reportOf('/** Doubles. */\nexport declare function twice(x: number): number\n')

  it('names the entry and its file, and says signatures and tags', () => {
    expect(before?.path).toBe('packages/one/api/sub.api.md')
    expect(before?.text).toContain('## API of "@scope/one/sub"\n')
    expect(before?.text).toContain('// @public\nexport function twice(x: number): number\n')
  })

  it('is another one when a signature, a name or a release tag changes', () => {
    for (const declarations of [
      '/** Doubles. */\nexport declare function twice(x: number): bigint\n',
      '/** Doubles. */\nexport declare function double(x: number): number\n',
      '/** Doubles. @experimental */\nexport declare function twice(x: number): number\n',
    ])
      expect(reportOf(declarations)?.text).not.toBe(before?.text)
  })

  it('is the same when only words change, or are missing', () => {
    for (const comment of ['/** Computes 2x. */\n', ''])
      expect(reportOf(`${comment}export declare function twice(x: number): number\n`)?.text).toBe(
        before?.text,
      )
  })

  it('shows what is experimental by that tag alone', () => {
    const { text } = reportOf('/** One. @experimental */\nexport declare const one: 1\n') ?? {}
    expect(text).toContain('// @experimental\nexport const one: 1;\n')
    expect(text).not.toContain('@public')
  })

  it('refuses a name in a signature that cannot be imported', () => {
    const text = 'interface Size { x: number }\nexport declare function area(size: Size): number\nexport {}\n'
    expect(() => reportOf(text)).toThrow(/no API report of @scope\/one\/sub: .*"Size" needs to be exported/s)
  })

  it('refuses declarations that do not compile', () => {
    expect(() => reportOf('export declare const one: Missing\n')).toThrow(/Missing/)
  })
})
