// The guide's pages in the order in which they are read. Goes out: the one list of them, which the sidebar
// and the check of the site take; a page's name is its first heading.

/** Pages under one heading of the sidebar, as paths from `docs`, without `.md`. */
export interface Group {
  readonly text: string
  readonly pages: readonly string[]
}

/** The goals of a reader's first hour: a page for each. */
export const guide: readonly Group[] = [
  {
    text: 'Start',
    pages: [
      'guide/index',
      'guide/quantization',
      'guide/lotion',
      'guide/own-loop',
      'guide/learning-rate',
      'guide/when-something-fails',
      'guide/limits',
    ],
  },
  {
    text: 'Write your own',
    pages: [
      'guide/write-a-noise',
      'guide/write-a-format',
      'guide/write-a-fisher',
      'guide/write-an-optimizer',
      'guide/write-a-method',
      'guide/write-a-task',
    ],
  },
  {
    text: 'Look up',
    pages: ['formats', 'guide/glossary', 'guide/coming-from', 'guide/systems', 'guide/licences'],
  },
]
