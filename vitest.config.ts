import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@lotion/source'] },
  ssr: { resolve: { conditions: ['@lotion/source'] } },
  test: { include: ['packages/*/src/**/*.test.ts'], testTimeout: 60_000 },
})
