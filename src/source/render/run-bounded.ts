import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { messageOf } from "../../errors.ts";

/** How long a program may run, in milliseconds, and how much it may print and hold in memory, in bytes. */
export interface RunLimits {
  time: number;
  output: number;
  memory: number;
}

export type Ended =
  | { kind: "ended"; code: number | null; stdout: string; stderr: string }
  | { kind: "exceeded"; what: keyof RunLimits }
  | { kind: "not-started"; message: string };

/** Of util-linux; it becomes the program that it is given. */
const PRLIMIT = "/usr/bin/prlimit";
const MOST_COMPLAINT = 64 * 1024;
/** How often memory is looked at, in milliseconds: a program allocates a gigabyte in a few of these. */
const LOOK = 25;

/** Runs a program without a shell and without input, in a process group of its own that is killed as a whole where it goes beyond its limits. */
export function runBounded(
  command: string,
  args: readonly string[],
  { cwd, environment, limits }: { cwd: string; environment: Record<string, string>; limits: RunLimits },
): Promise<Ended> {
  return new Promise((resolve) => {
    const [program, words] = enforced(command, args, limits);
    const child = spawn(program, words, {
      cwd,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
    let [printed, complained] = [0, 0];
    let exceeded: keyof RunLimits | undefined;
    const end = (what: keyof RunLimits) => {
      exceeded ??= what;
      killGroup(child.pid);
    };
    const timer = setTimeout(() => end("time"), limits.time);
    const watch = setInterval(async () => {
      if ((await residentBytes(child.pid)) > limits.memory) end("memory");
    }, LOOK);
    child.stdout.on("data", (chunk: Buffer) => {
      printed += chunk.byteLength;
      if (printed > limits.output) end("output");
      else stdout.push(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => {
      if (complained < MOST_COMPLAINT) stderr.push(chunk);
      complained += chunk.byteLength;
    });
    const done = (ended: Ended) => {
      clearTimeout(timer);
      clearInterval(watch);
      resolve(ended);
    };
    child.on("error", (thrown) => done({ kind: "not-started", message: messageOf(thrown) }));
    child.on("close", (code) => {
      if (exceeded) done({ kind: "exceeded", what: exceeded });
      else done({ kind: "ended", code, stdout: Buffer.concat(stdout).toString("utf8"), stderr: Buffer.concat(stderr).toString("utf8") });
    });
  });
}

/**
 * The same program with limits that the system enforces, where it can: they hold also when this process is killed and cannot look any more. Twice the memory,
 * since it counts what is asked for and not what is used; the time of all cores together (getrlimit(2)).
 */
function enforced(command: string, args: readonly string[], { time, memory }: RunLimits): [string, readonly string[]] {
  if (!existsSync(PRLIMIT) || !existsSync(command)) return [command, args];
  const seconds = Math.ceil(time / 1000) * availableParallelism();
  return [PRLIMIT, [`--cpu=${seconds}`, `--data=${2 * memory}`, "--", command, ...args]];
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** What a process holds in memory now; 0 where the system does not say (Linux does: proc(5), statm counts pages). */
async function residentBytes(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  return Number(statm.split(" ")[1] ?? 0) * 4096 || 0;
}
