// In the workspace of LOTION, tests run against the sources of its packages: they need no build.
import { defineConfig } from 'vitest/config'

const conditions = ['@lotion/source', 'module', 'node', 'development|production']
export default defineConfig({ resolve: { conditions }, ssr: { resolve: { conditions } } })
