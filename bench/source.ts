import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { parseArgs } from "node:util";
import type { NamedSource } from "../src/cluster/delivery-sources.ts";
import type { ObjectRef } from "../src/cluster/objects.ts";
import { createGitHub } from "../src/source/git/github-client.ts";
import { createGitHubObjects, createGitHubRepository } from "../src/source/git/github-repository.ts";
import type { RepositoryTree } from "../src/source/git/repository.ts";
import { openWorkspace } from "../src/source/open-workspace.ts";
import type { Renderer, Renderers } from "../src/source/render/renderers.ts";
import { runRenderer } from "../src/source/render/run-renderer.ts";
import type { GitSource, Workspace } from "../src/source/workspace.ts";
import { treeOf } from "../test/source/tree.ts";
import { startGitHub } from "../test/standins/github.ts";
import { fetchRenderers } from "../test/standins/renderers.ts";
import { OVERLAYS, syntheticRepository, TARGET } from "./source/repository.ts";

const ROUNDS = 7;
const OBJECT: ObjectRef = { group: "apps", kind: "Deployment", namespace: TARGET.namespace, name: TARGET.name };
const CONTAINER = ["spec", "template", "spec", "containers", { key: "name", value: "main" }];
const FIELDS = {
  "images.newTag of the overlay": [...CONTAINER, "image"],
  "replicas in a patch": ["spec", "replicas"],
  "memory in the base": [...CONTAINER, "resources", "limits", "memory"],
};
const SETTINGS: GitSource["settings"] = { namespace: "", namespaceMode: "default", tool: "argocd", directory: { recurse: false, include: "", exclude: "" } };

/** Milliseconds; medians of several rounds. `own` is without the renderer's time; `cpu` is what this process itself worked, which other work on the machine does not change. */
interface Timing {
  field: string;
  place: string;
  total: number;
  renderings: number;
  renderer: number;
  own: number;
  cpu: number;
  plainBuild: number;
}

/** How long it takes to find the place of a field in a repository of 10,000 manifests, beside a plain `kustomize build`; and what that costs at GitHub and in memory. */
export async function run(args: readonly string[]): Promise<number> {
  const { json } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } }).values;
  const fetched = await fetchRenderers();
  if (fetched.kind === "unavailable" || !fetched.renderers.kustomize) {
    console.error(`kustomize is needed: ${fetched.kind === "unavailable" ? fetched.reason : "it was not found"}`);
    return 1;
  }
  const files = syntheticRepository();
  const folder = await mkdtemp(join(tmpdir(), "kube-autofix-bench-"));
  try {
    const watch = await stopwatch(folder, fetched.renderers.kustomize);
    const timings: Timing[] = [];
    for (const [field, path] of Object.entries(FIELDS)) {
      const look = async (workspace: Workspace) => {
        const place = await workspace.locate(OBJECT, path);
        return "kind" in place ? `refused: ${place.message}` : place.file;
      };
      timings.push(await timed(field, look, files, fetched.renderers.kustomize, watch));
    }
    timings.push(await timed("plan memory, base shared", planMemory, files, fetched.renderers.kustomize, watch));
    const github = await atGitHub(files, fetched.renderers);
    const report = { manifests: Object.keys(files).length, rounds: ROUNDS, timings, github };
    console.log(json ? JSON.stringify(report, null, 1) : asText(report));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

interface Stopwatch {
  renderer: Renderer;
  /** Nanoseconds of every run since the last call. */
  runs(): Promise<number[]>;
}

/** The renderer behind a script that writes down how long it ran; the script's own time counts as ours. */
async function stopwatch(folder: string, { command, args }: Renderer): Promise<Stopwatch> {
  const [script, log] = [join(folder, "kubectl"), join(folder, "runs")];
  await writeFile(script, `#!/bin/sh\ns=$(date +%s%N)\n'${command}' "$@"\nr=$?\necho $(($(date +%s%N) - s)) >> '${log}'\nexit $r\n`);
  await chmod(script, 0o755);
  return {
    renderer: { command: script, args },
    async runs() {
      const text = await readFile(log, "utf8").catch(() => "");
      await writeFile(log, "");
      return text.split("\n").filter(Boolean).map(Number);
    },
  };
}

/** A fix that the base must not get, since the staging overlay of the same app renders it too and does not fail. */
async function planMemory(workspace: Workspace): Promise<string> {
  const path = FIELDS["memory in the base"];
  const planned = await workspace.plan([{ object: OBJECT, path, before: "128Mi", after: "256Mi" }]);
  return planned.kind === "refused" ? `refused: ${planned.message}` : planned.edits.map(({ file }) => file).join(", ");
}

async function timed(
  field: string,
  look: (workspace: Workspace) => Promise<string>,
  files: Record<string, string>,
  plain: Renderer,
  watch: Stopwatch,
): Promise<Timing> {
  const rounds: Timing[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const workspace = open(treeOf(files), { kustomize: watch.renderer, helm: undefined });
    await watch.runs();
    const [start, worked] = [performance.now(), process.cpuUsage()];
    const place = await look(workspace);
    const [total, { user, system }] = [performance.now() - start, process.cpuUsage(worked)];
    const runs = await watch.runs();
    const renderer = runs.reduce((sum, nanoseconds) => sum + nanoseconds / 1e6, 0);
    const cpu = (user + system) / 1000;
    rounds.push({ field, place, total, renderings: runs.length, renderer, own: total - renderer, cpu, plainBuild: await plainBuild(workspace, plain) });
  }
  const median = (key: "total" | "renderer" | "own" | "cpu" | "plainBuild") =>
    rounds.map((round) => round[key]).sort((one, other) => one - other)[Math.floor(ROUNDS / 2)] ?? 0;
  const [first] = rounds;
  return {
    field,
    place: first?.place ?? "",
    renderings: first?.renderings ?? 0,
    total: median("total"),
    renderer: median("renderer"),
    own: median("own"),
    cpu: median("cpu"),
    plainBuild: median("plainBuild"),
  };
}

/** `kustomize build` of the same overlay over the same files, written to disk as for us. */
async function plainBuild(workspace: Workspace, renderer: Renderer): Promise<number> {
  const rendered = await workspace.render();
  const files = new Map<string, string>();
  for (const path of rendered.kind === "refused" ? [] : rendered.inputs) files.set(path, (await workspace.tree.read(path)) ?? "");
  const start = performance.now();
  await runRenderer(renderer, [TARGET.folder], files);
  return performance.now() - start;
}

function sourceOf(path: string): GitSource {
  return { kind: "git", url: "https://git.example/acme/shop", branch: "main", path, settings: { ...SETTINGS, name: path } };
}

/** A thousand Applications: every overlay of every app. */
const DELIVERIES: NamedSource[] = OVERLAYS.map((path) => ({
  key: { kind: "Application", namespace: "argocd", name: path.replaceAll("/", "-") },
  source: sourceOf(path),
}));

function open(tree: RepositoryTree, renderers: Renderers): Workspace {
  return openWorkspace({
    tree,
    source: sourceOf(TARGET.folder),
    renderers,
    neighbours: { deliveries: async () => DELIVERIES, wants: async () => false },
  });
}

interface AtGitHub {
  /** Calls for blobs, and all others, of the first look. */
  cold: { blobs: number; others: number };
  warm: { blobs: number; others: number };
  /** Bytes of heap that stay in use. */
  heapOfTree: number;
  heapOfBlobs: number;
}

async function atGitHub(files: Record<string, string>, renderers: Renderers): Promise<AtGitHub> {
  const github = await startGitHub();
  try {
    await github.commit(files, { message: "ten thousand manifests" });
    const { appId, privateKey } = github.appCredentials;
    const app = createGitHub({ appId, privateKey, baseUrl: github.url, log: { debug() {}, info() {}, warn() {}, error() {} }, throttle: false });
    const objects = createGitHubObjects();
    const look = async () => {
      const octokit = await app.repository("acme/shop");
      if (!octokit) throw new Error("the stand-in has no such repository");
      const repository = createGitHubRepository({ octokit, fullName: "acme/shop", objects });
      const tree = await repository.tree((await repository.resolve(await repository.defaultBranch())) ?? "");
      const afterTree = heap();
      await open(tree, renderers).locate(OBJECT, FIELDS["memory in the base"]);
      return afterTree;
    };
    const count = () => {
      const blobs = github.requests.filter(({ path }) => path.includes("/git/blobs/")).length;
      const counted = { blobs, others: github.requests.length - blobs };
      github.requests.length = 0;
      return counted;
    };
    count();
    const before = heap();
    const afterTree = await look();
    const heapOfBlobs = heap() - afterTree;
    const cold = count();
    await look();
    return { cold, warm: count(), heapOfTree: afterTree - before, heapOfBlobs };
  } finally {
    await github.stop();
  }
}

function heap(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function asText({ manifests, rounds, timings, github }: { manifests: number; rounds: number; timings: readonly Timing[]; github: AtGitHub }): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`.padStart(8);
  const rows = timings.map(
    ({ field, total, renderings, renderer, own, cpu, plainBuild: plain }) =>
      `${field.padEnd(30)}${ms(own)}${ms(cpu)}${ms(renderer)}${String(renderings).padStart(6)}${ms(total)}${ms(plain)}   ${(total / plain).toFixed(1)} × ${(own / plain).toFixed(2)}`,
  );
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  return [
    `${manifests} files in 500 apps, medians of ${rounds} rounds; blobs in memory. "own" is without the renderer's time, "cpu" what this process itself worked; a plain build is one kustomize build of the same overlay.`,
    `${"".padEnd(30)}${"own".padStart(8)}${"cpu".padStart(8)}${"renderer".padStart(9)}${"runs".padStart(5)}${"total".padStart(8)}${"plain".padStart(8)}   total/plain × own/plain`,
    ...rows,
    `GitHub, first look: ${github.cold.blobs} blobs and ${github.cold.others} other calls; second look: ${github.warm.blobs} and ${github.warm.others}.`,
    `Heap: ${mib(github.heapOfTree)} for the list of files, ${mib(github.heapOfBlobs)} for what was read and rendered${globalThis.gc ? "" : " (run node with --expose-gc for exact figures)"}.`,
  ].join("\n");
}
