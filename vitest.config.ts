import { existsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

// Tests run against the sources, so that they need no build: the condition is the one that the compiler uses
// too.
const conditions = ['@lotion/source', 'module', 'node', 'development|production']

// Debian's package chromium brings a Vulkan driver in software: WebGPU where there is no GPU.
const driver = '/usr/lib/chromium/vk_swiftshader_icd.json'
const softwareGpu = existsSync(driver) && !process.env['VK_DRIVER_FILES']

// What is slow and rarely breaks runs once in .ci/run: `npm run extended` sets the variable.
const extended = process.env['LOTION_EXTENDED'] === '1'
const ending = extended ? 'extended.test.ts' : 'test.ts'
const exclude = extended ? ['**/node_modules/**'] : ['**/node_modules/**', '**/*.extended.test.ts']

// Their tests change what a process has once: backends of tfjs, native libraries, prototypes, threads,
// memory. All other tests share processes, where each module is loaded once, not once a file: half the time
// of the short ones.
const apart = 'cpu|gpu|matrix|onnx|tfjs'

// Puts a module of another package in its place, which must not have been loaded before.
const mocking = `packages/bench/src/commands/language.${ending}`

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          isolate: false,
          include: [`packages/!(${apart})/src/**/*.${ending}`],
          exclude: [...exclude, mocking],
        },
      },
      {
        extends: true,
        test: {
          name: 'apart',
          include: [
            `packages/@(${apart})/src/**/*.${ending}`,
            `{benchmarks/src,scripts}/**/*.${ending}`,
            mocking,
          ],
          exclude,
        },
      },
    ],
    testTimeout: extended ? 3_600_000 : 60_000,
    // Tests compute: a core that vitest keeps for itself would idle.
    maxWorkers: '100%',
    env: softwareGpu ? { VK_ADD_DRIVER_FILES: driver } : {},
    // tfjs greets everyone who runs it in Node, once a test file.
    onConsoleLog: (log) => !log.includes('looks like you are running TensorFlow.js'),
  },
})
