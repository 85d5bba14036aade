// The live figures: on the site a component, in the repository a picture. Goes out: the one list of them.

/** The component that stands on the site where a page shows the picture of that file in `docs/pictures`. */
export const figureFiles: Readonly<Record<string, string>> = {
  'staircase.svg': 'Staircase',
  'smoothed.svg': 'Smoothed',
  'block.svg': 'Block',
  'fit.svg': 'Fit',
}
