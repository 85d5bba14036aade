// How much of a test runs. Comes in: an amount for `npm test` and one for `npm run extended`. Goes out: the
// one that is asked for.

/**
 * Choose how often a test repeats. A file `name.extended.test.ts` that imports `name.test.js` runs it with
 * the whole amounts.
 * @example
 * fc.assert(property, { seed: 7, numRuns: amount(100, 800) })
 */
export const amount = (brief: number, whole: number): number =>
  process.env['LOTION_EXTENDED'] === '1' ? whole : brief
