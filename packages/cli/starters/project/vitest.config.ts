// The tests of this folder, whatever stands in the folders above it.
import { defineConfig } from 'vitest/config'

export default defineConfig({})
