// Goals of the guide's pages. Comes in: the guide's list, and what was run of which page. Goes out: goals
// that no block of their page reaches. Pure, so that it can be tested.

/** @typedef {import('../docs/.vitepress/guide.ts').Page} Page */
/** @typedef {import('../docs/.vitepress/guide.ts').Goal} Goal */

/**
 * A block that was run.
 * @typedef {object} Ran
 * @property {string} page as the guide lists it
 * @property {string} code
 * @property {boolean} works
 * @property {string} said
 */

/**
 * Hold goals to what was run. A goal is reached by a block of its own page that has its words, works and says
 * what it says.
 * @param {readonly Page[]} pages
 * @param {'command' | 'program'} kind
 * @param {readonly Ran[]} ran
 * @param {(page: string, path: string) => boolean} [made] whether a page's commands made a file
 * @returns {{ readonly goals: number, readonly problems: readonly string[] }}
 */
export function holdGoals(pages, kind, ran, made = () => false) {
  const goals = pages.flatMap(({ path, goals }) =>
    goals.flatMap((goal) => {
      const words = kind in goal ? Reflect.get(goal, kind) : undefined
      return typeof words === 'string' ? [{ path, goal, words }] : []
    }),
  )
  const problems = goals.flatMap(({ path, goal, words }) => {
    const blocks = ran.filter(({ page, code }) => page === path && code.includes(words))
    const why = whyNot(path, goal, blocks)
    return why === undefined ? [] : [`docs/${path}.md: '${goal.have}' is not reached: ${why}`]
  })
  return { goals: goals.length, problems }

  /** @param {string} path @param {Goal} goal @param {readonly Ran[]} blocks */
  function whyNot(path, goal, blocks) {
    if (blocks.length === 0) return `no ${kind} of the page has its words`
    const working = blocks.filter(({ works }) => works)
    if (working.length === 0) return `its ${kind} fails`
    const prints = 'prints' in goal ? (goal.prints ?? '') : ''
    if (!working.some(({ said }) => `\n${said}`.includes(prints)))
      return `expected '${prints.trim()}' in what is printed, found\n${working.map(({ said }) => said).join('\n')}`
    if ('makes' in goal && goal.makes !== undefined && !made(path, goal.makes))
      return `expected the file ${goal.makes}, found none`
    return undefined
  }
}
