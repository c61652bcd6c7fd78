import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { joinPath } from "../git/repository-paths.ts";
import type { Renderer } from "./renderers.ts";
import { type RunLimits, runBounded } from "./run-bounded.ts";

const LIMITS: RunLimits = { time: 30_000, output: 32 * 1024 * 1024, memory: 1024 * 1024 * 1024 };

export type RunOutcome = { kind: "printed"; text: string } | { kind: "failed"; message: string } | { kind: "exceeded"; message: string };

/**
 * Runs a renderer in a scratch folder that holds only these files, without a shell. The files come from branches that anybody may have pushed, so it gets no
 * environment, no home, no network through proxies or git, and limits on time, output and (where the system tells) memory.
 */
export async function runRenderer(
  renderer: Renderer,
  args: readonly string[],
  files: ReadonlyMap<string, string | Uint8Array>,
  limits = LIMITS,
): Promise<RunOutcome> {
  const odd = [...files.keys()].find((path) => path === "" || joinPath("", path) !== path);
  if (odd !== undefined) return { kind: "failed", message: `${JSON.stringify(odd)} is no path of a repository` };
  const scratch = await realpath(await mkdtemp(join(tmpdir(), "kube-autofix-")));
  try {
    const root = join(scratch, "repository");
    await mkdir(root);
    for (const folder of new Set([...files.keys()].map((path) => dirname(join(root, path))))) await mkdir(folder, { recursive: true });
    await Promise.all([...files].map(([path, content]) => writeFile(join(root, path), content)));
    return await run(renderer, args, { root, scratch }, limits);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function run(renderer: Renderer, args: readonly string[], { root, scratch }: { root: string; scratch: string }, limits: RunLimits): Promise<RunOutcome> {
  const environment = environmentOf(scratch, dirname(renderer.command), limits);
  const ended = await runBounded(renderer.command, [...renderer.args, ...args], { cwd: root, environment, limits });
  if (ended.kind === "exceeded") {
    const bounds = {
      time: `ran longer than ${limits.time / 1000} s`,
      output: `printed more than ${limits.output >> 20} MiB`,
      memory: `needed more than ${limits.memory >> 20} MiB of memory`,
    };
    return { kind: "exceeded", message: `The renderer ${bounds[ended.what]}: simplify what it renders, or fix this failure by hand` };
  }
  if (ended.kind === "ended" && ended.code === 0) return { kind: "printed", text: ended.stdout };
  return { kind: "failed", message: cleaned(ended.kind === "ended" ? ended.stderr.trim() || `it ended with ${ended.code}` : ended.message, root, scratch) };
}

/** A renderer may be a script that calls its neighbour: its own folder is on PATH. */
function environmentOf(scratch: string, folder: string, { memory }: RunLimits): Record<string, string> {
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: [folder, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    HOME: scratch,
    TMPDIR: scratch,
    // Both renderers are Go programs that live for a tenth of a second: collecting less often is quicker, and collecting near the limit better than being killed.
    GOGC: "400",
    GOMEMLIMIT: String(Math.floor(memory * 0.75)),
    GIT_ALLOW_PROTOCOL: "none",
    HTTP_PROXY: nowhere,
    HTTPS_PROXY: nowhere,
    HELM_CACHE_HOME: join(scratch, "helm-cache"),
    HELM_CONFIG_HOME: join(scratch, "helm-config"),
    HELM_DATA_HOME: join(scratch, "helm-data"),
    HELM_PLUGINS: join(scratch, "helm-plugins"),
  };
}

/** Paths of the scratch folder mean nothing to a reader; those of the repository do. */
function cleaned(message: string, root: string, scratch: string): string {
  const relative = message.replaceAll(`${root}/`, "").replaceAll(root, ".").replaceAll(scratch, "");
  return withoutLogPrefix(relative).slice(0, 4000);
}

/**
 * kubectl may log its error with the time and its process, so that the same fault would never be said twice in the same words:
 * `E1128 15:14:02.875043 9650 run.go:72] "command failed" err="…"`.
 */
function withoutLogPrefix(message: string): string {
  const quoted = /^E\d{4} [\d:.]+ +\d+ run\.go:\d+\] "command failed" err=(".*")$/s.exec(message)?.[1];
  if (quoted === undefined) return message;
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
