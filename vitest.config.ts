import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    exclude: ["test/cluster/**", "test/model/**", "**/node_modules/**"],
    // Every core works, also while a test waits for a renderer or a timer: vitest leaves one free, and of two that is half.
    maxWorkers: availableParallelism() + 1,
    // No test changes what a module holds, so the files of a worker share what they import.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
