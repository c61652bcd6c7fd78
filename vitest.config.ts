import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begin first, so that no worker is alone with one of them in the end: a fresh clone does not know yet how long they take. */
const LONG = [
  "watched-recordings",
  "all-recordings",
  "diagnosis/playbook",
  "scenarios/limits",
  "source/layouts",
  "head-check",
  "disguised-recordings",
  "ended-recordings",
];

class LongOnesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((name) => moduleId.endsWith(`/test/${name}.test.ts`));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    exclude: ["test/cluster/**", "test/model/**", "**/node_modules/**"],
    // Every core works, also while a test waits for a renderer or a timer: vitest leaves one free, and of two that is half.
    maxWorkers: availableParallelism() + 1,
    // No test changes what a module holds, so the files of a worker share what they import.
    isolate: false,
    sequence: { sequencer: LongOnesFirst },
    // Most of what a test makes is gone at once: a larger young generation (in MiB) is collected less often.
    execArgv: ["--max-semi-space-size=32"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
