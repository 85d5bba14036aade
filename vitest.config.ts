import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests run against the sources, so that they need no build: the condition is the one that the compiler uses too.
const conditions = ['@lotion/source', 'module', 'node', 'development|production']

// Debian's package chromium brings a Vulkan driver in software: WebGPU where there is no GPU.
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json'
const softwareGpu = existsSync(driver) && !process.env['VK_DRIVER_FILES']

// What is slow and rarely breaks is run by hand: `npm run extended` sets the variable.
const extended = process.env['LOTION_EXTENDED'] === '1'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: extended
      ? [
          'packages/*/src/**/*.extended.test.ts',
          'benchmarks/src/**/*.extended.test.ts',
          'scripts/*.extended.test.ts',
        ]
      : ['packages/*/src/**/*.test.ts', 'benchmarks/src/**/*.test.ts', 'scripts/*.test.ts'],
    exclude: extended ? [] : ['**/*.extended.test.ts'],
    testTimeout: extended ? 3_600_000 : 60_000,
    // Tests compute: a core that vitest keeps for itself would idle.
    maxWorkers: '100%',
    env: softwareGpu ? { VK_ADD_DRIVER_FILES: driver } : {},
    // tfjs greets everyone who runs it in Node, once a test file.
    onConsoleLog: (log) => !log.includes('looks like you are running TensorFlow.js'),
  },
})
