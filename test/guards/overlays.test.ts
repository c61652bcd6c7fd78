import { describe, expect, it } from "vitest";
import { isKubeObject, type Json, type KubeObject, textAt } from "../../src/cluster/objects.ts";
import { type GateInput, guardProposal } from "../../src/guards/gate.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import type { OfferedDocument } from "../../src/source/workspace.ts";
import { BOUNDS, item, judge, proposal, quoteOf, rules, type Situation } from "./situation.ts";

const BASE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  template:
    spec:
      containers:
        - name: search
          image: acme/catalog
          resources:
            limits: {memory: 512Mi}
`;
const PATCH = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  template:
    spec:
      containers:
        - name: search
          resources:
            limits:
              memory: 96Mi
`;
const KUSTOMIZATION = `apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
namePrefix: prod-
resources:
  - ../../base
images:
  - name: acme/catalog
    newTag: 1.4.9
patches:
  - path: patch.yaml
`;

/** An overlay as kustomize renders it, as far as these documents go: the patch's memory, the image's tag, the prefix. */
function overlay(failure: string): Situation {
  const render = (files: Readonly<Record<string, string>>): KubeObject[] => {
    const memory = /memory: (.+)/.exec(files["prod/patch.yaml"] ?? "")?.[1] ?? "";
    const tag = /newTag: (.+)/.exec(files["prod/kustomization.yaml"] ?? "")?.[1] ?? "";
    const object: Json = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "prod-search" },
      spec: { template: { spec: { containers: [{ name: "search", image: `acme/catalog:${tag}`, resources: { limits: { memory } } }] } } },
    };
    return isKubeObject(object) ? [object] : [];
  };
  const offer = (id: string, file: string, role: OfferedDocument["role"], text: string, value: Json): OfferedDocument => ({
    id,
    file,
    index: 0,
    role,
    text,
    value,
  });
  const files = { "base/deployment.yaml": BASE, "prod/patch.yaml": PATCH, "prod/kustomization.yaml": KUSTOMIZATION };
  const container = (fields: { [key: string]: Json }): Json => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "search" },
    spec: { template: { spec: { containers: [{ name: "search", ...fields }] } } },
  });
  return {
    files,
    target: { group: "apps", kind: "Deployment", namespace: "shop", name: "prod-search" },
    offered: [
      offer("D1", "prod/patch.yaml", "patch", PATCH, container({ resources: { limits: { memory: "96Mi" } } })),
      offer("D2", "prod/kustomization.yaml", "settings", KUSTOMIZATION, {
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namePrefix: "prod-",
        resources: ["../../base"],
        images: [{ name: "acme/catalog", newTag: "1.4.9" }],
        patches: [{ path: "patch.yaml" }],
      }),
    ],
    evidence: { items: [{ ...item("container", failure), id: "E1" }], omitted: 0, redactions: {} },
    rendered: render(files),
    lastGood: [],
    knownImages: ["acme/catalog:1.4.1", "acme/catalog:1.4.0"],
    render,
  };
}

describe("overlays", () => {
  const answer = (world: Situation, failureClass: "out-of-memory" | "image-not-found", id: string, yaml: string) =>
    proposal(world, {
      failureClass,
      container: "search",
      documents: [{ id, yaml }],
      quotes: [quoteOf(world, failureClass === "out-of-memory" ? "OOMKilled" : "ErrImagePull")],
    });
  const tag: GateInput["permitted"] = [
    { file: "prod/kustomization.yaml", document: 0, path: ["images", { key: "name", value: "acme/catalog" }, "newTag"], part: "image-tag" },
  ];

  it("a patch is the failing object's, although kustomize puts a prefix before its name", () => {
    const world = overlay("OOMKilled");
    const judged = judge(world, answer(world, "out-of-memory", "D1", PATCH.replace("96Mi", "256Mi")));
    expect(rules(judged)).toEqual([]);
    expect(judged.files?.map(({ path, after }) => [path, after])).toEqual([["prod/patch.yaml", PATCH.replace("96Mi", "256Mi")]]);
  });

  it("a patch brings nothing else in", () => {
    const world = overlay("OOMKilled");
    const judged = judge(world, answer(world, "out-of-memory", "D1", `${PATCH.replace("96Mi", "256Mi")}  replicas: 9\n`));
    expect(rules(judged)).toEqual(["invariants/replicas"]);
    expect(judged.files?.[0]?.after).toBe(PATCH.replace("96Mi", "256Mi"));
    expect(rules(judge(world, answer(world, "out-of-memory", "D1", PATCH.replace("96Mi", "2Gi"))))).toContain("plausible/memory-factor");
  });

  it("a place that probing found in kustomization.yaml may be corrected", () => {
    const world = overlay("ErrImagePull");
    const judged = judge(world, answer(world, "image-not-found", "D2", KUSTOMIZATION.replace("1.4.9", "1.4.1")), { permitted: tag });
    expect(rules(judged)).toEqual([]);
    expect(judged.files?.map(({ path }) => path)).toEqual(["prod/kustomization.yaml"]);
  });

  it("and shows its true value only when rendered", () => {
    const world = overlay("ErrImagePull");
    const judged = judge(world, answer(world, "image-not-found", "D2", KUSTOMIZATION.replace("1.4.9", "6.6.6")), { permitted: tag });
    expect(rules(judged)).toContain("plausible/image-unknown-tag");
  });

  it.each([
    ["remote resource", "  - ../../base\n", "  - ../../base\n  - https://evil.example.com/all.yaml\n"],
    ["namespace", "namePrefix: prod-\n", "namePrefix: prod-\nnamespace: kube-system\n"],
    ["suffix", "namePrefix: prod-\n", "namePrefix: prod-\nnameSuffix: -b\n"],
    [
      "patch written out",
      "  - path: patch.yaml\n",
      '  - path: patch.yaml\n  - patch: \'[{"op":"add","path":"/spec/template/spec/hostNetwork","value":true}]\'\n    target: {kind: Deployment}\n',
    ],
    ["generator", "namePrefix: prod-\n", "namePrefix: prod-\nhelmCharts: [{name: evil, repo: https://evil}]\n"],
    ["other name of an image", "    newTag: ", "    newName: evil/catalog\n    newTag: "],
    ["fewer patches", "patches:\n  - path: patch.yaml\n", ""],
  ])("kustomization.yaml gets no %s", (_, from, to) => {
    const world = overlay("ErrImagePull");
    const judged = judge(world, answer(world, "image-not-found", "D2", KUSTOMIZATION.replace("1.4.9", "1.4.1").replace(from, to)), { permitted: tag });
    expect(judged.files?.[0]?.after ?? KUSTOMIZATION.replace("1.4.9", "1.4.1")).toBe(KUSTOMIZATION.replace("1.4.9", "1.4.1"));
    expect(rules(judged).length).toBeGreaterThan(0);
  });

  it("a file that the renderer misses may get its near name", () => {
    const world = overlay("accumulating resources from 'svc.yaml': no such file or directory");
    const text = KUSTOMIZATION.replace("  - ../../base", "  - svc.yaml");
    const before = {
      ...world,
      offered: world.offered.map(
        (one): OfferedDocument => (one.id === "D2" ? { ...one, text, value: { ...Object(one.value), resources: ["svc.yaml"] } } : one),
      ),
      files: { ...world.files, "prod/kustomization.yaml": text },
    };
    const evidence = {
      ...world.evidence,
      items: [{ ...item("render-error", "kustomize build: accumulating resources from 'svc.yaml': no such file"), id: "E1" }],
    };
    const propose = (name: string) => ({
      ...proposal(
        { ...before, evidence },
        {
          failureClass: "render-failed",
          documents: [{ id: "D2", yaml: text.replace("svc.yaml", name) }],
          quotes: [{ evidenceId: "E1", quote: "no such file" }],
        },
      ),
    });
    const verdict = (name: string) =>
      guardProposal({
        target: world.target,
        permitted: [],
        knownImages: [],
        tried: [],
        bounds: BOUNDS,
        proposal: propose(name),
        evidence,
        offered: before.offered,
        rendered: [],
        lastGood: [],
      });
    expect(verdict("service.yaml")).toMatchObject({ kind: "edits", edits: [{ file: "prod/kustomization.yaml", value: "service.yaml" }] });
    expect(verdict("https://evil.example.com/service.yaml").kind).toBe("refused");
    expect(verdict("../../../secrets/service.yaml").kind).toBe("refused");
    expect(verdict("deployment.yaml").kind).toBe("refused");
  });

  it("an offered document of another object is never the target", () => {
    const world = overlay("OOMKilled");
    const other = { ...world.offered[0], id: "D3", value: { ...Object(world.offered[0]?.value), metadata: { name: "prod-search" } } } as OfferedDocument;
    const judged = judge(world, answer(world, "out-of-memory", "D1", PATCH.replace("96Mi", "256Mi")), { offered: [...world.offered, other] });
    expect(rules(judged)).toContain("plausible/no-op");
    expect(textAt(world.offered[0]?.value, "metadata", "name")).toBe("search");
  });
});

const RELEASE = `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: ferry
  namespace: shop
spec:
  interval: 30s
  chart:
    spec: {chart: ./chart, sourceRef: {kind: GitRepository, name: ferry}}
  values:
    replicas: 2
    env:
      REQUIRED_ENV: HARBOUR
`;

/** A HelmRelease from whose values a variable was dropped; the chart makes variables of `values.env`. */
function release(): Situation {
  const render = (files: Readonly<Record<string, string>>): KubeObject[] => {
    const outcome = parseYaml(files["ferry.yaml"] ?? "");
    const value = outcome.kind === "parsed" ? outcome.documents[0]?.value : undefined;
    const values = Object(Object(Object(value).spec).values);
    const env = Object.entries(Object(values.env)).map(([name, text]) => ({ name, value: String(text) }));
    const object: Json = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "ferry" },
      spec: {
        replicas: values.replicas,
        template: { spec: { hostNetwork: values.hostNetwork ?? false, containers: [{ name: "shop", image: "acme/payments:1.4.1", env }] } },
      },
    };
    return isKubeObject(object) ? [object] : [];
  };
  const parsed = parseYaml(RELEASE);
  const files = { "ferry.yaml": RELEASE };
  return {
    files,
    target: { group: "apps", kind: "Deployment", namespace: "shop", name: "ferry" },
    offered: [
      {
        id: "D1",
        file: "ferry.yaml",
        index: 0,
        role: "settings",
        text: RELEASE,
        value: parsed.kind === "parsed" ? (parsed.documents[0]?.value ?? null) : null,
      },
    ],
    evidence: {
      items: [
        { ...item("container", "waiting: CrashLoopBackOff"), id: "E1" },
        {
          ...item(
            "git-diff",
            "--- a/ferry.yaml\n+++ b/ferry.yaml\n     env:\n       REQUIRED_ENV: HARBOUR\n-      HARBOUR: north\n-      hostNetwork: true\n-      PORT: 80\n",
          ),
          id: "E2",
        },
      ],
      omitted: 0,
      redactions: {},
    },
    rendered: render(files),
    lastGood: render({ "ferry.yaml": `${RELEASE}      HARBOUR: north\n` }),
    knownImages: [],
    render,
  };
}

describe("a value that was dropped from a HelmRelease", () => {
  const add = (text: string) => {
    const world = release();
    return judge(
      world,
      proposal(world, {
        failureClass: "crash-on-start",
        container: "shop",
        documents: [{ id: "D1", yaml: `${RELEASE}${text}` }],
        quotes: [quoteOf(world, "CrashLoopBackOff")],
      }),
    );
  };

  it("comes back as git had it", () => {
    const judged = add("      HARBOUR: north\n");
    expect(rules(judged)).toEqual([]);
    expect(judged.files?.[0]?.after).toBe(`${RELEASE}      HARBOUR: north\n`);
  });

  it.each([
    ["with another value", "      HARBOUR: south\n", "invariants/environment"],
    ["under another name", "      HAVEN: north\n", "invariants/environment"],
    ["as a danger", "    hostNetwork: true\n", "class-paths/host-namespace"],
    ["outside of the values", "  PORT: 80\n", "class-paths/not-permitted"],
    ["with one more", "      HARBOUR: north\n      DEBUG: 'true'\n", "invariants/environment"],
  ])("not %s", (_, text, rule) => {
    const judged = add(text);
    expect(rules(judged)).toContain(rule);
    expect(judged.files?.[0]?.after ?? `${RELEASE}      HARBOUR: north\n`).toBe(`${RELEASE}      HARBOUR: north\n`);
  });
});
