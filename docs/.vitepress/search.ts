// The site's search. Goes out: options of VitePress's local search: pages of the guide come before members of
// types, which are many and short and would fill every answer.

import type { DefaultTheme } from 'vitepress'

/**
 * How much a section counts: by its path, and by how many headings stand above it.
 * It is written into pages as text: it may name nothing that is outside it.
 */
function boostDocument(id: string, _term: string, stored?: Record<string, unknown>): number {
  const titles = stored?.['titles']
  const above = Array.isArray(titles) ? titles.length : 0
  // An entry, its groups, its exports, kinds of members and members.
  if (id.includes('/docs/api/')) return [3, 0.3, 0.6][above] ?? 0.1
  if (id.includes('/docs/guide/licences')) return 0.5
  if (id.includes('/docs/guide/') || id.includes('/docs/formats')) return above === 0 ? 4 : 3
  if (id.includes('/docs/results/') || id.includes('README')) return 1.5
  return 0.7
}

/** Search in the page, without a service. */
export const search: NonNullable<DefaultTheme.Config['search']> = {
  provider: 'local',
  options: { miniSearch: { searchOptions: { boostDocument } } },
}
