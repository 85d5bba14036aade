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

// Tests of these packages change what a process has once (backends of tfjs, native libraries, prototypes,
// threads, memory), or need a process in which little has happened. All other tests share processes, where
// each module is loaded once, not once a file: half the time of the short ones.
const apart = 'cpu|gpu|matrix|onnx|tfjs'

// Those of them, and of the folders beside packages, that compute and no more.
const pure = [`packages/cpu/src/wasm/emit/**/*.${ending}`, `scripts/**/*.${ending}`]

// Those that share processes with their like after all: those of tfjs set its backend, those of onnx
// leave it.
const alike = {
  onnx: [
    `packages/onnx/src/{graph,kernels}/**/*.${ending}`,
    `packages/onnx/src/{batch-edge,gradient-accuracy,normalised-stack,order-of-threads}.${ending}`,
    `packages/onnx/src/{relative-error,same-bits,verify-first-step}.${ending}`,
  ],
  tfjs: [
    `packages/tfjs/src/{executor,gradients,wasm}/**/*.${ending}`,
    `packages/tfjs/src/{eager-engine,lane-op,lotion-optimizer*,watch-indices}.${ending}`,
  ],
}

// Puts a module of another package in its place, which must not have been loaded before.
const mocking = `packages/bench/src/commands/language.${ending}`

// Loads llama.cpp, whose libraries nothing else may load in a process that closed them.
const llamaCpp = `packages/language/src/llama-cpp/**/*.${ending}`

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
          setupFiles: ['scripts/load-typescript.mjs'],
          include: [`packages/!(${apart})/src/**/*.${ending}`, `docs/.vitepress/**/*.${ending}`, ...pure],
          exclude: [...exclude, mocking, llamaCpp],
        },
      },
      ...Object.entries(alike).map(([name, include]) => ({
        extends: true as const,
        test: { name, isolate: false, include, exclude },
      })),
      {
        extends: true,
        test: {
          name: 'apart',
          include: [
            `packages/@(${apart})/src/**/*.${ending}`,
            `benchmarks/src/**/*.${ending}`,
            mocking,
            llamaCpp,
          ],
          exclude: [...exclude, ...pure, ...Object.values(alike).flat()],
        },
      },
    ],
    testTimeout: extended ? 3_600_000 : 60_000,
    hookTimeout: 60_000,
    // Tests compute: a core that vitest keeps for itself would idle.
    maxWorkers: '100%',
    env: softwareGpu ? { VK_ADD_DRIVER_FILES: driver } : {},
    // tfjs greets everyone who runs it in Node, once a test file.
    onConsoleLog: (log) => !log.includes('looks like you are running TensorFlow.js'),
  },
})
