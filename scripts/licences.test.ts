// Tests of the allow-list and of the page, on made-up packages.
import { expect, it } from 'vitest'
import { carriedParts } from './carried.mjs'
import { pageOfLicences, refusals } from './licences.mjs'

const found = (licence: string) => refusals([{ name: 'a', licence }])

it('takes permissive licences, and a choice that has one', () => {
  for (const licence of ['MIT', 'Apache-2.0 AND MIT', '(MIT OR GPL-3.0-only)', '(WTFPL OR MIT)'])
    expect(found(licence)).toEqual([])
})

it('refuses all others by name, and what is no licence', () => {
  for (const licence of ['GPL-3.0-only', 'MIT AND GPL-3.0-only', 'Unknown', 'SEE LICENSE IN x', ''])
    expect(found(licence)).toEqual([expect.stringMatching(/^a: found licence .*, expected one of 0BSD, /)])
})

it('lists each package once, below its licence', () => {
  const b = { name: 'b', licence: 'MIT' }
  const page = pageOfLicences([b, { name: 'a', licence: 'MIT' }, b, { name: 'c', licence: 'ISC' }], [])
  expect(page).toContain('## ISC\n\n1 package: `c`.\n\n## MIT\n\n2 packages: `a`, `b`.\n')
})

it('finds the packages in a file of ours by the notices that it begins with', () => {
  const names = carriedParts().map(({ name, licence }) => `${name} ${licence}`)
  expect(names).toEqual(['acorn MIT', 'gpu-mock.js MIT', 'gpu.js MIT'])
})
