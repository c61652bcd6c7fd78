// Charts as teams write them: what a ConfigMap says comes of values, of texts in values, of files beside the templates, and of the template itself.
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { editTemplate } from "../../src/diagnosis/template-lines.ts";
import { editFiles } from "../../src/source/edit/document-edits.ts";
import { type FieldPath, getIn } from "../../src/source/edit/field-path.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { openWorkspace } from "../../src/source/open-workspace.ts";
import { changeLiteral } from "../../src/source/plan/template-text.ts";
import { replacementsIn, withLineOf } from "../../src/source/plan/text-parts.ts";
import type { FileChange, GitSource } from "../../src/source/workspace.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { treeOf } from "./tree.ts";

const fetched = await fetchRenderers();

const CHECKSUM = '        checksum/config: {{ include (print $.Template.BasePath "/config.yaml") . | sha256sum }}\n';
const deployment = (container: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      annotations:
${CHECKSUM}      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
${container}`;
const config = (data: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop-config\ndata:\n${data}`;
const VALUES = "image:\n  repository: acme/shop\n  tag: 1.10 # pinned\nserver:\n  port: 8080\ndb:\n  host: db\n";
const chart = (data: string, more: Record<string, string> = {}, container = "") => ({
  "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
  "chart/values.yaml": VALUES,
  "chart/templates/config.yaml": config(data),
  "chart/templates/deployment.yaml": deployment(container),
  "env/prod.yaml": "db:\n  host: db-prod\n",
  ...more,
});

interface Wanted {
  object?: { group: string; kind: string; namespace: string; name: string };
  path: FieldPath;
  to: (now: Json | undefined) => Json;
}

const CONFIG = { group: "", kind: "ConfigMap", namespace: "prod", name: "shop-config" };
const SHOP = { group: "apps", kind: "Deployment", namespace: "prod", name: "shop" };
const CONTAINER: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }];
const APP: FieldPath = ["data", "app.yaml"];
const reads = (from: string, to: string) => (now: Json | undefined) => String(now).replaceAll(from, to);

/** The lines that change in git, or why none do; in the template itself where no value decides. */
async function edited(files: Record<string, string>, { object = CONFIG, path, to }: Wanted): Promise<string> {
  const directory = { recurse: false, include: "", exclude: "" };
  const settings: GitSource["settings"] = {
    namespace: "prod",
    namespaceMode: "default",
    tool: "argocd",
    name: "shop",
    directory,
    helm: { valueFiles: ["../env/prod.yaml"] },
  };
  const source = { kind: "git", url: "https://git.example/shop", branch: "main", path: "chart", settings, defaultBranch: "main" } as const;
  const renderers = fetched.kind === "ready" ? fetched.renderers : { kustomize: undefined, helm: undefined };
  const workspace = openWorkspace({ tree: treeOf(files), source, renderers });
  const outcome = await workspace.render();
  if (outcome.kind !== "rendered") throw new Error(JSON.stringify(outcome));
  const before = getIn(
    outcome.objects.find(({ kind }) => kind === object.kind),
    path,
  );
  const changes = [{ object, path, before, after: to(before) }];
  const planned = await workspace.plan(changes);
  if (planned.kind === "planned") return linesOf(await editFiles(workspace.tree, planned.edits));
  const input = { workspace, rendered: outcome.objects } as unknown as DiagnosisInput;
  return linesOf((await editTemplate(input, changes)) ?? []) || planned.code;
}

function linesOf(files: readonly FileChange[]): string {
  const lines = unifiedDiff(files).split("\n");
  return lines.filter((line) => /^[-+](?![-+])|^\+\+\+/.test(line)).join("\n");
}

const BLOCK = `  app.yaml: |
    server:
      port: {{ .Values.server.port }}
    callback: http://pay:{{ .Values.server.port }}/done
    db:
      host: {{ .Values.db.host }}
      pool: 10
`;

describe.skipIf(fetched.kind === "unavailable")("what a chart makes of values, texts and files", () => {
  test("a value in the text of a ConfigMap whose hash the pods carry", async () => {
    expect(await edited(chart(BLOCK), { path: APP, to: reads("db-prod", "db-main") })).toBe("+++ b/env/prod.yaml\n-  host: db-prod\n+  host: db-main");
  });

  test("a value that stands in two lines of the text", async () => {
    const lines = "+++ b/chart/values.yaml\n-  port: 8080\n+  port: 9090";
    expect(await edited(chart(BLOCK), { path: APP, to: reads("8080", "9090") })).toBe(lines);
  });

  test("a value is corrected, and no literal put behind it in the template", async () => {
    const files = chart(BLOCK, { "env/prod.yaml": "db:\n  host: db-prod\nserver:\n  port: 80\n" });
    expect(await edited(files, { path: APP, to: reads("80", "8080") })).toBe("+++ b/env/prod.yaml\n-  port: 80\n+  port: 8080");
  });

  test("a word that the template writes out in the text", async () => {
    const lines = "+++ b/chart/templates/config.yaml\n-      pool: 10\n+      pool: 20";
    expect(await edited(chart(BLOCK), { path: APP, to: reads("pool: 10", "pool: 20") })).toBe(lines);
  });

  test("a line of a text in values that is a template itself", async () => {
    const data = "  app.yaml: |-\n    {{- tpl .Values.file . | nindent 4 }}\n";
    const files = chart(data, { "chart/values.yaml": `${VALUES}file: |\n  # of the shop\n  port=8080\n  url=http://{{ .Values.db.host }}:8080\n` });
    expect(await edited(files, { path: APP, to: reads("port=8080", "port=9090") })).toBe("+++ b/chart/values.yaml\n-  port=8080\n+  port=9090");
  });

  test("a line of a file beside the templates", async () => {
    const files = chart('  app.yaml: |-\n{{ tpl (.Files.Get "files/app.properties") . | indent 4 }}\n', {
      "chart/files/app.properties": "host={{ .Values.db.host }}\nlevel=verbose\n",
    });
    const lines = "+++ b/chart/files/app.properties\n-level=verbose\n+level=info";
    expect(await edited(files, { path: APP, to: reads("verbose", "info") })).toBe(lines);
  });

  test("an image keeps the parts of it that do not change as they are written", async () => {
    const lines = "+++ b/chart/values.yaml\n-  repository: acme/shop\n+  repository: acme/store";
    expect(await edited(chart(BLOCK), { object: SHOP, path: [...CONTAINER, "image"], to: reads("acme/shop", "acme/store") })).toBe(lines);
  });

  test("a value that the template of a library reads, in brackets", async () => {
    const probe =
      '          readinessProbe:\n            httpGet:\n              path: {{ (.Values.health | default dict).path | default "/healthz" }}\n              port: 8080\n';
    const files = {
      ...chart(BLOCK),
      "chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\ndependencies:\n  - name: lib\n    version: 0.1.0\n",
      "chart/charts/lib/Chart.yaml": "apiVersion: v2\nname: lib\ntype: library\nversion: 0.1.0\n",
      "chart/charts/lib/templates/_deployment.tpl": `{{- define "lib.deployment" -}}\n${deployment(probe)}{{- end -}}\n`,
      "chart/templates/deployment.yaml": '{{ include "lib.deployment" . }}\n',
    };
    const path: FieldPath = [...CONTAINER, "readinessProbe", "httpGet", "path"];
    expect(await edited(files, { object: SHOP, path, to: () => "/ready" })).toBe("+++ b/env/prod.yaml\n+health:\n+  path: /ready");
  });
});

describe("parts of texts", () => {
  test("what a part becomes: in one place, in all, and in every line that differs", () => {
    expect(replacementsIn("postgres://shop@db/shop", "shop", "postgres://shop@db/store")).toEqual(["store"]);
    expect(replacementsIn("a:80 b:80", "80", "a:90 b:90")).toEqual(["90"]);
    expect(replacementsIn("a: 80\nb: 80\nc: 80 80\n", "80", "a: 90\nb: 90\nc: 80 80\n")).toEqual(["90"]);
    expect(replacementsIn("a: 80\nb: 80\n", "80", "a: 90\nb: 91\n")).toEqual([]);
  });

  test("a line is changed where it stands just once", () => {
    expect(withLineOf("x=1\n  y={{ .Values.y }}z\n", "x=1\ny=2z", "x=1\ny=2w")).toBe("x=1\n  y={{ .Values.y }}w\n");
    expect(withLineOf("x=1\nx=1\n", "x=1\nx=1\n", "x=1\nx=2\n")).toBeUndefined();
    expect(withLineOf("y={{ .Values.y }}\n", "x=1\ny=2\n", "x=1\ny=3\n")).toBeUndefined();
  });

  test("no literal makes one word with what a variable fills in", () => {
    expect(changeLiteral("port: {{ .Values.port }}\n", "port: 80\n", "port: 8080\n")).toBeUndefined();
    expect(changeLiteral("{{ .Release.Name }}-conf", "shop-conf", "shop-config")).toBe("{{ .Release.Name }}-config");
  });
});
