import { defineConfig } from "vitest/config";

/** Tests against a real cluster: slow, one file at a time, only where KUBECONFIG names one (test/cluster/README.md). */
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
