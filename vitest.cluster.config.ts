import { defineConfig } from "vitest/config";

/** Tests against a real cluster, where KUBECONFIG, GIT_ROOT and GIT_URL name one (test/cluster/README.md); skipped with a sentence otherwise. */
export default defineConfig({
  test: {
    include: ["test/cluster/**/*.test.ts"],
    reporters: ["verbose"],
    // All shops go through a stage at the same time.
    maxConcurrency: 8,
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
  },
});
