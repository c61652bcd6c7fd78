import { messageOf } from "../src/errors.ts";

/** One benchmark: gets the arguments after its name, gives the process's exit code. */
interface Benchmark {
  run(args: readonly string[]): Promise<number>;
}

const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  diagnosis: () => import("./diagnosis.ts"),
  guards: () => import("./guards.ts"),
  github: () => import("./github.ts"),
  source: () => import("./source.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const load = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
if (load) {
  process.exitCode = await (await load()).run(args).catch((thrown: unknown) => {
    console.error(messageOf(thrown));
    return 2;
  });
} else {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHMARKS).join(" | ")} [options]`);
  process.exitCode = 2;
}
