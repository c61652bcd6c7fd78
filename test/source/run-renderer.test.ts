import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { runRenderer } from "../../src/source/render/run-renderer.ts";
import type { GitSource, RenderOutcome } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { treeOf } from "./tree.ts";

const fetched = await fetchRenderers();
const unavailable = fetched.kind === "unavailable";
if (unavailable) console.error(`Hostile charts and kustomizations are skipped: ${fetched.reason}`);
const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
const LIMITS = { time: 20_000, output: 1024 * 1024, memory: 512 * 1024 * 1024 };

let folder: string;
let scripts = 0;
let server: Server;
let url: string;
const asked: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kube-autofix-hostile-"));
  server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.end("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fetched}\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
});
afterEach(() => {
  expect(asked).toEqual([]);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that stands in for a renderer, written as a shell script. */
function script(text: string) {
  const command = join(folder, `script-${++scripts}`);
  writeFileSync(command, `#!/bin/sh\n${text}\n`);
  chmodSync(command, 0o755);
  return { command, args: [] };
}

function scratchFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^kube-autofix-\w{6}$/.test(name));
}

describe.skipIf(process.platform === "win32")("a renderer", () => {
  test("gets the files, and nothing of this process", async () => {
    const outcome = await runRenderer(script('pwd; cat a/b.yaml; env | cut -d= -f1 | sort | tr "\\n" " "'), [], new Map([["a/b.yaml", "hello\n"]]));
    const [where = "", text, names] = outcome.kind === "printed" ? outcome.text.split("\n") : [];
    expect([text, names]).toEqual([
      "hello",
      "GIT_ALLOW_PROTOCOL GOGC GOMEMLIMIT HELM_CACHE_HOME HELM_CONFIG_HOME HELM_DATA_HOME HELM_PLUGINS HOME HTTPS_PROXY HTTP_PROXY PATH PWD TMPDIR ",
    ]);
    expect(existsSync(where)).toBe(false);
  });

  test("is no shell's: arguments stay what they are", async () => {
    const outcome = await runRenderer(script('printf "%s|" "$@"'), ["$(touch /tmp/x)", "; rm -rf /", "a b"], new Map());
    expect(outcome).toEqual({ kind: "printed", text: "$(touch /tmp/x)|; rm -rf /|a b|" });
  });

  test("ends with all that it started when it takes too long", async () => {
    const mark = join(folder, "late");
    const started = Date.now();
    const outcome = await runRenderer(script(`(sleep 5; touch '${mark}') & sleep 60`), [], new Map(), { ...LIMITS, time: 300 });
    expect(outcome).toMatchObject({ kind: "exceeded", message: expect.stringContaining("longer than 0.3 s") });
    expect(Date.now() - started).toBeLessThan(20_000);
    expect(existsSync(mark)).toBe(false);
  });

  test("ends when it prints without end, on either side", async () => {
    expect(await runRenderer(script("yes"), [], new Map(), LIMITS)).toMatchObject({ kind: "exceeded", message: expect.stringContaining("1 MiB") });
    const outcome = await runRenderer(script("yes 0123456789 | head -c 3000000 >&2; exit 3"), [], new Map(), LIMITS);
    expect(outcome.kind === "failed" && outcome.message.length).toBe(4000);
  });

  test("that is not there, or says nothing, fails with a reason", async () => {
    expect(await runRenderer({ command: join(folder, "absent"), args: [] }, [], new Map())).toMatchObject({
      kind: "failed",
      message: expect.stringContaining("ENOENT"),
    });
    expect(await runRenderer(script("exit 7"), [], new Map())).toEqual({ kind: "failed", message: "it ended with 7" });
  });

  test.skipIf(!existsSync("/usr/bin/prlimit"))("is limited by the system too: it must not outlive this process", async () => {
    const outcome = await runRenderer(script("ulimit -t; ulimit -d"), [], new Map(), LIMITS);
    expect(outcome).toEqual({ kind: "printed", text: `${20 * availableParallelism()}\n${1024 * 1024}\n` });
  });

  test("writes no file outside of its folder, and leaves nothing behind", async () => {
    // Other tests render at the same time.
    vi.stubEnv("TMPDIR", folder);
    const before = scratchFolders();
    for (const path of ["../escape.yaml", "/etc/escape", "a/../../escape", "a//b", ""]) {
      expect(await runRenderer(script("true"), [], new Map([[path, "x"]]))).toMatchObject({ kind: "failed", message: expect.stringContaining("no path") });
    }
    await runRenderer(script("touch here; mkdir -p deep/er; exit 1"), [], new Map());
    expect(scratchFolders().filter((name) => !before.includes(name))).toEqual([]);
    vi.unstubAllEnvs();
  });
});

function render(files: Record<string, string | Uint8Array>, path: string): Promise<RenderOutcome> {
  const settings: GitSource["settings"] = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    name: "shop",
    directory: { recurse: false, include: "", exclude: "" },
  };
  return openWorkspace({ tree: treeOf(files), source: { kind: "git", url: "https://git.example/shop", branch: "main", path, settings }, renderers }).render();
}

const CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";
const chart = (template: string, more: Record<string, string | Uint8Array> = {}) =>
  render({ "chart/Chart.yaml": CHART, "chart/values.yaml": "{}\n", "chart/templates/a.yaml": template, ...more }, "chart");
const map = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: ${data}\n`;

describe.skipIf(unavailable)("a hostile chart", () => {
  test("sees no host, no cluster and no environment", async () => {
    const outcome = await chart(
      map('{{ printf "[%s][%v][%d]" (getHostByName "localhost") (lookup "v1" "Secret" "" "") (len (lookup "v1" "Namespace" "" "default")) | quote }}'),
    );
    expect(outcome).toMatchObject({ kind: "rendered", objects: [{ data: { a: "[][map[]][0]" } }] });
    expect(await chart(map('{{ env "HOME" }}'))).toMatchObject({ kind: "failed", message: expect.stringContaining('function "env" not defined') });
    expect(await chart(map('{{ .Files.Get "../../../../etc/passwd" | quote }}'))).toMatchObject({ kind: "rendered", objects: [{ data: { a: "" } }] });
  });

  test("that calls itself, or makes gigabytes of a line, ends", async () => {
    expect(await chart(`{{ define "x" }}{{ include "x" . }}{{ end }}${map('{{ include "x" . }}')}`)).toMatchObject({ kind: "failed" });
    for (const bomb of [
      '{{ repeat 2000000000 "x" }}',
      "{{ range until 900000000 }}x{{ end }}",
      '{{ $a := repeat 30000000 "x" }}{{ range until 500 }}{{ $a }}{{ end }}',
    ]) {
      const outcome = await chart(map(bomb));
      expect([bomb, outcome.kind === "refused" ? outcome.code : outcome.kind]).toEqual([bomb, expect.stringMatching(/^(?:too-large|failed)$/)]);
    }
  });

  test("with a dependency that unpacks to gigabytes, or that would have to be fetched, ends", async () => {
    const zeros = new Uint8Array(300 * 1024 * 1024);
    const name = "bomb/templates/x.yaml";
    const bomb = gzipSync(await packTar([{ header: { name, size: zeros.byteLength, type: "file" }, body: zeros }]), { level: 9 });
    const dependent = `${CHART}dependencies:\n  - {name: bomb, version: 1.0.0, repository: "${url}"}\n`;
    expect(await chart(map("x"), { "chart/Chart.yaml": dependent, "chart/charts/bomb-1.0.0.tgz": bomb })).toMatchObject({ kind: "failed" });
    expect(await chart(map("x"), { "chart/Chart.yaml": dependent })).toMatchObject({ kind: "refused", code: "chart-dependency" });
  });
});

const kustomize = (kustomization: string, more: Record<string, string> = {}) =>
  render({ "deploy/kustomization.yaml": `resources: [a.yaml]\n${kustomization}`, "deploy/a.yaml": map("x"), ...more }, "deploy");

describe.skipIf(unavailable)("a hostile kustomization", () => {
  const remote = { kind: "refused", code: "remote-base" };

  test.each([
    ["resources", () => ({ "deploy/kustomization.yaml": `resources: ["${url}/a.yaml"]\n` })],
    ["resources, as git", () => ({ "deploy/kustomization.yaml": `resources: ["git::${url}/a.git"]\n` })],
    ["generator files", () => ({ "deploy/kustomization.yaml": `configMapGenerator: [{name: b, files: ["b=${url}/b"]}]\n` })],
    ["generator envs", () => ({ "deploy/kustomization.yaml": `configMapGenerator: [{name: b, envs: ["${url}/b"]}]\n` })],
    ["patches", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\npatches: [{path: "${url}/p.yaml"}]\n` })],
    ["strategic merge patches", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\npatchesStrategicMerge: ["${url}/p.yaml"]\n` })],
    ["replacements", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\nreplacements: [{path: "${url}/r.yaml"}]\n` })],
    ["openapi", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\nopenapi: {path: "${url}/o.json"}\n` })],
    ["components", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\ncomponents: ["${url}/c"]\n` })],
    ["crds", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\ncrds: ["${url}/c"]\n` })],
    ["configurations", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\nconfigurations: ["${url}/c"]\n` })],
    ["transformers", () => ({ "deploy/kustomization.yaml": `resources: [a.yaml]\ntransformers: ["${url}/t"]\n` })],
    [
      "a file of a transformer",
      () => ({
        "deploy/kustomization.yaml": "resources: [a.yaml]\ntransformers: [t.yaml]\n",
        "deploy/t.yaml": `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: ${url}/p.yaml\n`,
      }),
    ],
    [
      "a folder of transformers",
      () => ({
        "deploy/kustomization.yaml": "resources: [a.yaml]\ntransformers: [../t]\n",
        "t/kustomization.yaml": "resources: [t.yaml]\n",
        "t/t.yaml": `apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: t}\npath: ${url}/p.yaml\n`,
      }),
    ],
    [
      "a generator written out",
      () => ({
        "deploy/kustomization.yaml": `resources: [a.yaml]\ngenerators:\n- |-\n  apiVersion: builtin\n  kind: ConfigMapGenerator\n  metadata: {name: g}\n  files: ["g=${url}/g"]\n`,
      }),
    ],
    ["a base's base", () => ({ "deploy/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": `resources: ["${url}/x.yaml"]\n` })],
  ])("fetches nothing through %s", async (_, files) => {
    expect(await render({ "deploy/a.yaml": map("x"), ...files() }, "deploy")).toMatchObject(remote);
  });

  test("runs nothing", async () => {
    const mark = join(folder, "ran");
    const transformer = `apiVersion: v1\nkind: Evil\nmetadata:\n  name: evil\n  annotations:\n    config.kubernetes.io/function: |\n      exec: {path: ./evil.sh}\n`;
    const outcome = await kustomize("transformers: [t.yaml]\n", { "deploy/t.yaml": transformer, "deploy/evil.sh": `#!/bin/sh\ntouch '${mark}'\n` });
    expect(outcome.kind).toBe("failed");
    expect(existsSync(mark)).toBe(false);
  });

  test("reads nothing outside of the repository", async () => {
    for (const path of ["/etc/hostname", "../../../../../../etc/hostname"]) {
      expect((await kustomize(`configMapGenerator: [{name: b, files: ["b=${path}"]}]\n`)).kind).toBe("failed");
    }
  });

  test("whose anchors multiply without end, ends", async () => {
    const lines = Array.from({ length: 12 }, (_, i) => `  a${i}: &a${i} [${Array.from({ length: 10 }, () => (i === 0 ? "x" : `*a${i - 1}`)).join(", ")}]`);
    const outcome = await kustomize("", { "deploy/a.yaml": `apiVersion: v1\nkind: Bomb\nmetadata: {name: a}\nspec:\n${lines.join("\n")}\n` });
    expect(outcome.kind).not.toBe("rendered");
  });
});
