// The version of this command. Comes in: the package's manifest. Goes out: text. Source: package.json.

import { readFileSync } from 'node:fs'

/** The version of @lotion/cli; 0.0.0 was never published. */
export function toolVersion(): string {
  // From source and built alike, the manifest lies one folder up.
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    readonly version: string
  }
  return manifest.version
}
