import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    exclude: ["test/cluster/**", "test/model/**", "**/node_modules/**"],
    // Every core works: vitest leaves one free, and of two that is half.
    maxWorkers: "100%",
    // No test changes what a module holds, so the files of a worker share what they import.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
