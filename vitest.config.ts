import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    // Whole recordings are replayed by some tests; a loaded machine with one core must still pass.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
