import { defineConfig } from 'vitest/config'

// Tests run against the sources, so that they need no build: the condition is the one that the compiler uses too.
const conditions = ['@lotion/source', 'module', 'node', 'development|production']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
    testTimeout: 60_000,
    // tfjs greets everyone who runs it in Node, once a test file.
    onConsoleLog: (log) => !log.includes('looks like you are running TensorFlow.js'),
  },
})
