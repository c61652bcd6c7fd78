import { defineConfig } from "vitest/config";

/** The whole pipeline with a real model, at the endpoint that OPENAI_BASE_URL and OPENAI_MODEL name; skipped with a sentence otherwise. */
export default defineConfig({
  test: {
    include: ["test/model/**/*.test.ts"],
    reporters: ["verbose"],
    // A small model on a small machine answers slowly, and up to three times.
    testTimeout: 900_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
});
