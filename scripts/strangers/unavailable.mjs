// What a check of strangers needs and cannot have here: it is skipped then, which `scripts/skips.mjs` may
// refuse.

/** A runtime or a browser is missing. */
export class Unavailable extends Error {
  /** @param {string} what `deno`, `chromium` @param {string} why */
  constructor(what, why) {
    super(why)
    this.what = what
  }
}
