import { describe, expect, it } from "vitest";
import { isKubeObject, type Json, type KubeObject, textAt } from "../../src/cluster/objects.ts";
import { digestOf, type GateInput, guardChange, guardProposal, type MadeChange } from "../../src/guards/gate.ts";
import { GUARDS } from "../../src/guards/report.ts";
import type { DocumentEdit, OfferedDocument } from "../../src/source/workspace.ts";
import { BOUNDS, item, judge, make, proposal, quoteOf, recorded, rules, type Situation, targetDocument } from "./situation.ts";

const wrongTag = () => recorded("tag-never-pushed", { kind: "Deployment" });
const fixTag = (world: Situation, change: (yaml: string) => string = (yaml) => yaml) =>
  proposal(world, {
    failureClass: "image-not-found",
    container: "checkout",
    yaml: change(targetDocument(world).text.replace("1.4.7", "1.4.1")),
    quote: "ImagePullBackOff",
  });

function inputFor(world: Situation, changes: Partial<GateInput> = {}): GateInput {
  const { target, evidence, offered, rendered, knownImages, lastGood } = world;
  return { proposal: fixTag(world), target, evidence, offered, permitted: [], rendered, knownImages, lastGood, tried: [], bounds: BOUNDS, ...changes };
}

/** A right proposal that passed, and what the editor made of it. */
function passed(world = wrongTag()) {
  const input = inputFor(world);
  const verdict = guardProposal(input);
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.report.findings));
  return { world, input, verdict, made: make(world, verdict.edits) };
}

describe("the report", () => {
  it("lists every guard in order, with what was put back", () => {
    const world = wrongTag();
    const judged = judge(
      world,
      fixTag(world, (yaml) => `\`\`\`yaml\n${yaml.replace("replicas: 2", "replicas: 50").replace("limits: {memory: 128Mi}", "limits: {memory: 1Gi}")}\n\`\`\``),
    );
    expect(judged.change?.kind).toBe("approved");
    expect(judged.report.verdicts.map(({ guard }) => guard)).toEqual([...GUARDS]);
    expect(judged.report.verdicts.map(({ guard, verdict, note }) => `${guard}: ${verdict}${note ? ` (${note})` : ""}`)).toMatchInlineSnapshot(`
      [
        "envelope: passed",
        "yaml: restored",
        "scope: passed",
        "invariants: restored",
        "class-paths: passed",
        "grounding: passed",
        "plausible: passed",
        "schema: passed",
        "not-worse: passed",
        "blast-radius: passed (changes Deployment checkout)",
        "secrets: passed",
        "server-dry-run: skipped (not switched on)",
      ]
    `);
    expect(judged.report.findings).toMatchInlineSnapshot(`
      [
        {
          "document": "D1",
          "guard": "yaml",
          "message": "Document D1 was wrapped in a fence, which was stripped.",
          "rule": "stripped",
          "verdict": "restored",
        },
        {
          "before": 2,
          "document": "D1",
          "final": 2,
          "guard": "invariants",
          "message": "spec.replicas does not belong to a fix of class image-not-found; it stays as it was.",
          "path": "spec.replicas",
          "proposed": 50,
          "rule": "replicas",
          "verdict": "restored",
        },
        {
          "before": "128Mi",
          "document": "D1",
          "final": "128Mi",
          "guard": "invariants",
          "message": "spec.template.spec.containers[name=checkout].resources.limits.memory does not belong to a fix of class image-not-found; it stays as it was.",
          "path": "spec.template.spec.containers[name=checkout].resources.limits.memory",
          "proposed": "1Gi",
          "rule": "resources",
          "verdict": "restored",
        },
      ]
    `);
  });

  it("says why a whole proposal is refused", () => {
    const world = wrongTag();
    const judged = judge(
      world,
      fixTag(world, (yaml) => yaml.replace("          ports:", "          securityContext: {privileged: true}\n          ports:")),
    );
    expect(judged.change).toBeUndefined();
    expect(judged.report.findings.map(({ message }) => message)).toMatchInlineSnapshot(`
      [
        "The proposal makes a container privileged (spec.template.spec.containers[name=checkout].securityContext.privileged): no fix of this kind needs that.",
      ]
    `);
    expect(judged.report.verdicts.filter(({ verdict }) => verdict === "skipped").map(({ guard }) => guard)).toEqual([
      "schema",
      "not-worse",
      "blast-radius",
      "secrets",
      "server-dry-run",
    ]);
  });

  it("caps the confidence by what code can confirm", () => {
    const world = wrongTag();
    const onlyLogs = {
      ...world.evidence,
      items: [...world.evidence.items.filter(({ kind }) => kind === "log"), { ...item("log", "ImagePullBackOff"), id: "L1" }],
    };
    const judged = judge(
      world,
      { ...fixTag(world), confidence: 1, quotes: [{ evidenceId: "L1", quote: "ImagePullBackOff" }] },
      { evidence: onlyLogs, lastGood: [] },
    );
    expect(judged.report.confidence).toMatchInlineSnapshot(`
      {
        "cappedBy": [
          "the cluster shows no sign of image-not-found (at most 0.5)",
          "only logs are quoted, which anybody can write to (at most 0.8)",
          "no earlier working revision confirms the values (at most 0.9)",
        ],
        "claimed": 1,
        "final": 0.5,
      }
    `);
    expect(rules(judged)).toContain("grounding/confidence");
  });
});

describe("a guard that throws has refused", () => {
  it.each(["offered", "evidence", "bounds", "tried", "lastGood"] as const)("with a broken %s", (field) => {
    const { input } = passed();
    const broken = { ...input };
    Object.defineProperty(broken, field, {
      get() {
        throw new Error("broken");
      },
    });
    const verdict = guardProposal(broken);
    const kinds = verdict.kind === "refused" ? verdict.report.findings.map(({ rule }) => rule) : [];
    expect(kinds).toContain("guard-failed");
  });

  it("with a broken change", () => {
    const { input, verdict, made } = passed();
    const broken: MadeChange = {
      ...made,
      after: {
        kind: "rendered",
        inputs: [],
        objects: [...(made.after.kind === "rendered" ? made.after.objects : [])].map(
          (object) =>
            new Proxy(object, {
              ownKeys: () => {
                throw new Error("broken");
              },
            }),
        ),
      },
    };
    expect(() => guardChange(input, verdict, broken)).not.toThrow();
    expect(guardChange(input, verdict, broken).kind).toBe("refused");
  });
});

describe("the change must be what was approved", () => {
  const refusal = (change: (made: MadeChange) => Partial<MadeChange>) => {
    const { input, verdict, made } = passed();
    const judged = guardChange(input, verdict, { ...made, ...change(made) });
    return judged.kind === "refused" ? judged.report.findings.map(({ guard, rule }) => `${guard}/${rule}`) : [];
  };

  it("and is approved when it is", () => {
    const { input, verdict, made } = passed();
    const judged = guardChange(input, verdict, { ...made, alsoAffects: ["Application argocd/checkout-eu"] });
    expect(judged.kind).toBe("approved");
    expect(judged.report.verdicts.find(({ guard }) => guard === "blast-radius")?.note).toBe(
      "changes Deployment checkout; also rendered by Application argocd/checkout-eu",
    );
    if (judged.kind !== "approved") return;
    expect(judged.change.digest).toBe(digestOf(made.files));
    expect(Object.isFrozen(judged.change.files)).toBe(true);
  });

  it("not more in the file", () =>
    expect(refusal(({ files }) => ({ files: files.map((file) => ({ ...file, after: file.after.replace("replicas: 2", "replicas: 3") })) }))).toContain(
      "blast-radius/not-the-edits",
    ));
  it("not another file beside", () =>
    expect(refusal(({ files }) => ({ files: [...files, { path: ".github/workflows/ci.yml", before: undefined, after: "on: push" }] }))).toContain(
      "blast-radius/not-the-edits",
    ));
  it("not fewer files", () => expect(refusal(() => ({ files: [] }))).toContain("blast-radius/not-the-edits"));
  it("not a document more", () =>
    expect(refusal(({ files }) => ({ files: files.map((file) => ({ ...file, after: `${file.after}---\nkind: Role\n` })) }))).toContain(
      "blast-radius/not-the-edits",
    ));
  it("not unreadable", () =>
    expect(refusal(({ files }) => ({ files: files.map((file) => ({ ...file, after: `${file.after}\t: :` })) }))).toContain("blast-radius/not-the-edits"));
  it("not without effect", () => expect(refusal(({ before }) => ({ after: before }))).toContain("blast-radius/no-effect"));
  it("not breaking the render", () =>
    expect(refusal(() => ({ after: { kind: "failed", message: "no such file", inputs: [] } }))).toContain("blast-radius/not-rendered"));

  const rendering = (change: (object: KubeObject) => KubeObject[]) =>
    refusal(({ after }) => ({ after: { kind: "rendered", inputs: [], objects: after.kind === "rendered" ? after.objects.flatMap(change) : [] } }));
  it("not touching another object", () =>
    expect(rendering((object) => [object.kind === "Service" ? { ...object, metadata: { ...object.metadata, labels: { a: "b" } } } : object])).toContain(
      "blast-radius/other-object",
    ));
  it("not removing an object", () => expect(rendering((object) => (object.kind === "Service" ? [] : [object]))).toContain("blast-radius/object-removed"));
  it("not adding an object", () =>
    expect(rendering((object) => [object, { ...object, metadata: { ...object.metadata, name: "more" } }])).toContain("blast-radius/object-added"));
  it("not doubling an object", () => expect(rendering((object) => [object, object])).toContain("blast-radius/object-added"));
  it("not touching another field", () =>
    expect(rendering((object) => [object.kind === "Deployment" ? { ...object, metadata: { ...object.metadata, labels: {} } } : object])).toContain(
      "blast-radius/other-field",
    ));
  it("not with a field that Kubernetes does not know", () =>
    expect(rendering((object) => [object.kind === "Deployment" ? { ...object, spec: { ...Object(object.spec), replica: 1 } } : object])).toContain(
      "schema/invalid",
    ));
  it("not with a verdict of another gate", () => {
    const { input, verdict, made } = passed();
    expect(guardChange(input, { ...verdict }, made).kind).toBe("refused");
  });

  it("and where the base cannot be rendered, the result is compared with the last good revision", () => {
    const { input, verdict, made } = passed();
    const judged = guardChange(input, verdict, { ...made, before: { kind: "failed", message: "broken", inputs: [] } });
    expect(judged.kind).toBe("approved");
    expect(judged.report.verdicts.find(({ guard }) => guard === "blast-radius")?.note).toBe(
      "the base cannot be rendered (failed), so only the fields of the edit were checked",
    );
  });
});

describe("a change that was tried", () => {
  it("is known again as edits and as files", () => {
    const { world, verdict, made } = passed();
    expect(rules(judge(world, fixTag(world), { tried: [digestOf(verdict.edits)] }))).toEqual(["plausible/already-tried"]);
    expect(rules(judge(world, fixTag(world), { tried: [digestOf(made.files)] }))).toEqual(["plausible/already-tried"]);
  });

  it("is known again although other lines of the file changed", () => {
    const { made } = passed();
    const moved = made.files.map(({ path, before, after }) => ({ path, before: `# new\n${before}`, after: `# new\n${after}` }));
    expect(digestOf(moved)).toBe(digestOf(made.files));
  });

  it("is not confused with another value, file or order", () => {
    const edit = (file: string, value: Json): DocumentEdit => ({ file, document: 0, path: ["a"], value });
    expect(digestOf([edit("a", 1)])).not.toBe(digestOf([edit("a", 2)]));
    expect(digestOf([edit("a", 1)])).not.toBe(digestOf([edit("b", 1)]));
    expect(digestOf([edit("a", 1)])).not.toBe(digestOf([edit("a", "1")]));
    expect(digestOf([edit("a", 1), edit("b", 1)])).toBe(digestOf([edit("b", 1), edit("a", 1)]));
  });
});

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
      guardProposal({ ...passed().input, proposal: propose(name), evidence, offered: before.offered, rendered: [], lastGood: [] });
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
