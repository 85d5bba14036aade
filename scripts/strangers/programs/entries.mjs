// Program of a project that is not ours. Comes in: names of installed packages. Goes out: every entry of
// their `exports` imported, how many names each gives; an error if one gives none, or lacks more than the
// optional peer that it needs.
import { readFileSync } from 'node:fs'

for (const name of process.argv.slice(2)) {
  const manifest = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))
  const entries = Object.keys(manifest.exports).filter((entry) => entry !== './package.json')
  for (const entry of entries) console.log(await imported(`${name}${entry.slice(1)}`, manifest))
}

/**
 * @param {string} specifier
 * @param {{ peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>> }} manifest
 */
async function imported(specifier, { peerDependenciesMeta = {} }) {
  const optional = Object.keys(peerDependenciesMeta).filter((peer) => peerDependenciesMeta[peer]?.optional)
  try {
    const names = Object.keys(await import(specifier))
    if (names.length === 0) throw new Error(`${specifier}: expected exports, found none`)
    return `${specifier}: ${names.length} names`
  } catch (error) {
    const text = String(error)
    const missing = optional.find((peer) => /not find|not a dependency/i.test(text) && text.includes(peer))
    if (missing === undefined) throw error
    return `${specifier}: needs ${missing}, which is optional`
  }
}
