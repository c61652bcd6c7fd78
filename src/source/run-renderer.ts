import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Renderer } from "./renderers.ts";

/** How long a renderer may run, in milliseconds, and how much it may print, in bytes. */
const LIMITS = { time: 30_000, output: 32 * 1024 * 1024 };

export type RunOutcome = { kind: "printed"; text: string } | { kind: "failed"; message: string } | { kind: "exceeded"; message: string };

/**
 * Runs a renderer in a scratch folder that holds only these files, without a shell. The files come from branches that anybody may have pushed, so it gets no
 * environment, no home, no network through proxies or git, and limits on time and output.
 */
export async function runRenderer(renderer: Renderer, args: readonly string[], files: ReadonlyMap<string, string | Uint8Array>): Promise<RunOutcome> {
  const scratch = await realpath(await mkdtemp(join(tmpdir(), "kube-autofix-")));
  try {
    const root = join(scratch, "repository");
    await mkdir(root);
    for (const [path, text] of files) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    }
    return await run(renderer, args, root, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

function run(renderer: Renderer, args: readonly string[], root: string, scratch: string): Promise<RunOutcome> {
  const options = {
    cwd: root,
    env: environment(scratch, dirname(renderer.command)),
    timeout: LIMITS.time,
    maxBuffer: LIMITS.output,
    killSignal: "SIGKILL" as const,
  };
  return new Promise((resolve) => {
    execFile(renderer.command, [...renderer.args, ...args], options, (error, stdout, stderr) => {
      if (!error) resolve({ kind: "printed", text: stdout });
      else if (error.killed || error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
        resolve({ kind: "exceeded", message: `The renderer ran longer than ${LIMITS.time / 1000} s or printed more than ${LIMITS.output >> 20} MiB` });
      } else resolve({ kind: "failed", message: cleaned(stderr.trim() || error.message, root, scratch) });
    });
  });
}

/** A renderer may be a script that calls its neighbour: its own folder is on PATH. */
function environment(scratch: string, folder: string): Record<string, string> {
  const nowhere = "http://127.0.0.1:9";
  return {
    PATH: [folder, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter),
    HOME: scratch,
    TMPDIR: scratch,
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
  return relative.slice(0, 4000);
}
