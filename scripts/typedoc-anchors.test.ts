import { expect, it } from 'vitest'
import { linksToHeadings } from './typedoc-anchors.mjs'

it('leads to the first heading where there is no second', () => {
  expect(linksToHeadings('### LaneNode\n\n[`LaneNode`](#lanenode-1)\n')).toBe(
    '### LaneNode\n\n[`LaneNode`](#lanenode)\n',
  )
})

it('leaves links alone that have their heading, or none at all', () => {
  const page = '### rate\n\n### rate\n\n### int-4\n\n[a](#rate-1) [b](#int-4) [c](#none-1) [d](#rate)\n'
  expect(linksToHeadings(page)).toBe(page)
})
