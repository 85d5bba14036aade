// Kinds of plugins that have a template. Comes in: the folder of templates. Goes out: names. Source: a
// template is a folder there, and nothing else.

import { readdirSync, readFileSync } from 'node:fs'

// From source and built alike, the templates lie two folders up.
const templates = new URL('../../templates/', import.meta.url)

/** The kinds that `lotion new` makes folders for. */
export function templateKinds(): readonly string[] {
  return readdirSync(templates).sort()
}

/** Where the template of a kind lies. */
export function templateOf(kind: string): URL {
  return new URL(`${kind}/`, templates)
}

/**
 * What a kind is called in a sentence, `a rounding noise`: the template's manifest says
 * `A rounding noise for LOTION`.
 */
export function titleOfKind(kind: string): string {
  const text = readFileSync(new URL('package.json.template', templateOf(kind)), 'utf8')
  const manifest = JSON.parse(text) as { readonly description: string }
  return manifest.description.replace(/^A/, 'a').replace(/ for LOTION$/, '')
}
