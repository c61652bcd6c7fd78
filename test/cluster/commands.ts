import { spawn } from "node:child_process";

/** Runs a program without a shell and gives what it printed; throws with what it complained of. */
async function run(command: string, args: readonly string[], options: { input?: string; environment?: Record<string, string> } = {}): Promise<string> {
  const child = spawn(command, args, { env: { ...process.env, ...options.environment } });
  const printed: Buffer[] = [];
  const complained: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => printed.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => complained.push(chunk));
  // A program that ends without reading its input says why by its exit code.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.input ?? "");
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${Buffer.concat(complained).toString("utf8").trim()}`);
  return Buffer.concat(printed).toString("utf8");
}

/** kubectl as the cluster's administrator. */
export function kubectl(kubeconfig: string, args: readonly string[], input?: string): Promise<string> {
  return run("kubectl", args, { environment: { KUBECONFIG: kubeconfig }, ...(input === undefined ? {} : { input }) });
}

/** git as a developer of the shop. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const who = { NAME: "Dana Developer", EMAIL: "dana@example.com" };
  const environment = Object.fromEntries(
    Object.entries(who).flatMap(([key, value]) => [`GIT_AUTHOR_${key}`, `GIT_COMMITTER_${key}`].map((name) => [name, value])),
  );
  return (await run("git", ["-C", folder, ...args], { environment })).trim();
}

async function sleep(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Asks again and again until there is an answer; `seen` says for the error message how it stands. */
export async function until<T>(what: string, seconds: number, ask: () => Promise<T | undefined>, seen: () => Promise<string> | string = () => ""): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s. ${await seen()}`);
    await sleep(1000);
  }
}
