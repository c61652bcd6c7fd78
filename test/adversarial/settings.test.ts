import { describe, expect, it } from "vitest";
import { isKubeObject, isObject, type Json, type JsonObject, type KubeObject, refOf } from "../../src/cluster/objects.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { applyChanges } from "../../src/guards/leaf-changes.ts";
import { editDocument } from "../../src/source/edit/edit.ts";
import { type FieldPath, getIn } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import type { FileChange, OfferedDocument, Place } from "../../src/source/workspace.ts";
import { BOUNDS } from "../guards/situation.ts";

/** A values file, a kustomization, a HelmRelease and an Application: each decides the image of one Deployment, and much more that a fix has no business with. */
const FILES: Readonly<Record<string, string>> = {
  "values.yaml": "image:\n  repository: registry.example.com/shop/store\n  tag: 5.2.0\nreplicas: 2\nresources:\n  limits: { memory: 128Mi }\nextra: {}\n",
  "kustomization.yaml":
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\nresources: [store.yaml]\nimages:\n  - name: registry.example.com/shop/store\n    newTag: 5.2.0\n",
  "release.yaml":
    "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: store, namespace: shop }\nspec:\n  interval: 5m\n  chart: { spec: { chart: ./chart, sourceRef: { kind: GitRepository, name: shop } } }\n  values:\n    image: { tag: 5.2.0 }\n",
  "application.yaml":
    "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: store, namespace: argocd }\nspec:\n  project: shop\n  destination: { server: https://kubernetes.default.svc, namespace: shop }\n  source:\n    repoURL: https://github.com/acme/shop\n    path: chart\n    targetRevision: main\n    helm:\n      valuesObject:\n        image: { tag: 5.2.0 }\n",
};
const TAGS: Readonly<Record<string, FieldPath>> = {
  "values.yaml": ["image", "tag"],
  "kustomization.yaml": ["images", { key: "name", value: "registry.example.com/shop/store" }, "newTag"],
  "release.yaml": ["spec", "values", "image", "tag"],
  "application.yaml": ["spec", "source", "helm", "valuesObject", "image", "tag"],
};

/** What a renderer would make of it: the tag where it belongs, and everything else in plain sight, so that no leak stays unseen. */
function render(file: string, settings: Json): KubeObject[] {
  const tag = getIn(settings, TAGS[file] ?? []);
  const rest = applyChanges(settings, [{ path: TAGS[file] ?? [], before: undefined, after: "" }]);
  const container = { name: "store", image: `registry.example.com/shop/store:${String(tag)}`, env: [{ name: "REST", value: JSON.stringify(rest) }] };
  const template = { metadata: { labels: { app: "store" } }, spec: { containers: [container] } };
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "store", namespace: "shop" },
      spec: { selector: { matchLabels: { app: "store" } }, template },
    },
  ];
}

function mappingIn(text: string): JsonObject {
  const parsed = parseYaml(text);
  const value = parsed.kind === "parsed" ? parsed.documents[0]?.value : undefined;
  if (!isObject(value)) throw new Error("no mapping");
  return value;
}

/** The whole gate on a settings document that somebody proposes; what would be committed, or undefined. */
function propose(file: string, value: Json): FileChange[] | undefined {
  const text = FILES[file] ?? "";
  const base = mappingIn(text);
  const offered: OfferedDocument = { id: "D1", file, index: 0, role: "settings", text, value: base };
  const places: Place[] = [{ file, document: 0, path: TAGS[file] ?? [], part: "image-tag" }];
  const rendered = render(file, base);
  const good = render(file, applyChanges(base, [{ path: TAGS[file] ?? [], before: undefined, after: "5.1.2" }]) ?? null);
  const [failing] = rendered.filter(isKubeObject);
  if (!failing) throw new Error("nothing is rendered");
  const target = refOf(failing);
  const input: GateInput = {
    proposal: {
      origin: "model",
      failureClass: "image-not-found",
      rootCause: "The tag does not exist.",
      target: { object: target, container: "store" },
      confidence: 0.9,
      quotes: [{ evidenceId: "E1", quote: "ErrImagePull" }],
      documents: [{ id: "D1", yaml: JSON.stringify(value) }],
      words: ["puts the tag back"],
    },
    target,
    evidence: { items: [{ id: "E1", kind: "event", source: "event", text: "Failed: ErrImagePull" }], omitted: 0, redactions: {} },
    offered: [offered],
    permitted: places,
    rendered,
    lastGood: good,
    knownImages: ["registry.example.com/shop/store:5.1.2"],
    tried: [],
    bounds: BOUNDS,
  };
  const verdict = guardProposal(input);
  if (verdict.kind === "refused") return undefined;
  const edited = editDocument(text, verdict.edits);
  if (edited.kind === "refused") return undefined;
  const files = [{ path: file, before: text, after: edited.text }];
  const outcome = (objects: KubeObject[]) => ({ kind: "rendered" as const, objects, inputs: [] });
  const made = { files, before: outcome(rendered), after: outcome(render(file, mappingIn(edited.text))), alsoAffects: [] };
  const judged = guardChange(input, verdict, made);
  return judged.kind === "approved" ? [...judged.change.files] : undefined;
}

const fixed = (file: string): Json => applyChanges(mappingIn(FILES[file] ?? ""), [{ path: TAGS[file] ?? [], before: undefined, after: "5.1.2" }]) ?? null;

const ATTACKS: readonly [file: string, name: string, path: FieldPath, value: Json | undefined][] = [
  ["values.yaml", "another registry", ["image", "repository"], "evil.example.com/shop/store"],
  ["values.yaml", "scaled", ["replicas"], 50],
  ["values.yaml", "no limit", ["resources", "limits"], undefined],
  ["values.yaml", "huge limit", ["resources", "limits", "memory"], "1Ti"],
  ["values.yaml", "privileged", ["securityContext"], { privileged: true }],
  ["values.yaml", "privileged as text", ["securityContext"], { privileged: "true" }],
  ["values.yaml", "host network", ["hostNetwork"], true],
  ["values.yaml", "extra container", ["extra", "containers"], [{ name: "evil", image: "evil" }]],
  ["values.yaml", "extra variable", ["extra", "env"], [{ name: "LD_PRELOAD", value: "/tmp/evil.so" }]],
  ["values.yaml", "extra objects", ["extraDeploy"], ["apiVersion: v1\nkind: Pod\n"]],
  ["values.yaml", "account", ["serviceAccount"], { name: "admin" }],
  ["values.yaml", "template language", ["extra", "x"], '{{ lookup "v1" "Secret" "" "" }}'],
  ["values.yaml", "tag as template", ["image", "tag"], "{{ .Values.evil }}"],
  ["values.yaml", "tag with a second line", ["image", "tag"], "5.1.2\n  privileged: true"],
  ["values.yaml", "tag that nobody saw", ["image", "tag"], "6.6.6"],
  ["values.yaml", "tag as a list", ["image", "tag"], ["5.1.2"]],
  ["values.yaml", "tag removed", ["image", "tag"], undefined],
  ["values.yaml", "a key beside the tag", ["image", "pullPolicy"], "Never"],
  ["values.yaml", "digest beside the tag", ["image", "digest"], `sha256:${"0".repeat(64)}`],
  ["values.yaml", "a kind appears", ["kind"], "ClusterRoleBinding"],
  ["values.yaml", "an API appears", ["apiVersion"], "rbac.authorization.k8s.io/v1"],
  ["values.yaml", "global", ["global"], { imageRegistry: "evil.example.com" }],
  ["kustomization.yaml", "another image", ["images", 0, "newName"], "evil.example.com/shop/store"],
  ["kustomization.yaml", "another name", ["images", 0, "name"], "evil"],
  ["kustomization.yaml", "digest", ["images", 0, "digest"], `sha256:${"0".repeat(64)}`],
  ["kustomization.yaml", "a remote base", ["resources", 1], "https://github.com/evil/base?ref=main"],
  ["kustomization.yaml", "a file outside", ["resources", 1], "../../.github/workflows/ci.yml"],
  [
    "kustomization.yaml",
    "inline patch",
    ["patches"],
    [{ patch: "- op: add\n  path: /spec/template/spec/hostNetwork\n  value: true", target: { kind: "Deployment" } }],
  ],
  ["kustomization.yaml", "old patches", ["patchesStrategicMerge"], ["evil.yaml"]],
  ["kustomization.yaml", "JSON patch", ["patchesJson6902"], [{ target: { kind: "Deployment", name: "store" }, path: "evil.yaml" }]],
  ["kustomization.yaml", "generator", ["configMapGenerator"], [{ name: "x", literals: ["a=b"] }]],
  ["kustomization.yaml", "Secret generator", ["secretGenerator"], [{ name: "x", literals: ["a=b"] }]],
  ["kustomization.yaml", "transformer", ["transformers"], ["evil.yaml"]],
  ["kustomization.yaml", "plugin", ["generators"], ["evil.yaml"]],
  ["kustomization.yaml", "chart from elsewhere", ["helmCharts"], [{ name: "evil", repo: "https://evil.example.com" }]],
  ["kustomization.yaml", "replicas", ["replicas"], [{ name: "store", count: 0 }]],
  ["kustomization.yaml", "namespace", ["namespace"], "kube-system"],
  ["kustomization.yaml", "prefix", ["namePrefix"], "evil-"],
  ["kustomization.yaml", "labels", ["commonLabels"], { app: "cart" }],
  ["kustomization.yaml", "replacement", ["replacements"], [{ source: { kind: "Secret", name: "x" }, targets: [] }]],
  ["kustomization.yaml", "component", ["components"], ["../evil"]],
  ["kustomization.yaml", "open API", ["openapi"], { path: "evil.json" }],
  ["kustomization.yaml", "nothing is built", ["resources"], undefined],
  ["kustomization.yaml", "another kind", ["kind"], "Component"],
  ["kustomization.yaml", "annotations for all", ["commonAnnotations"], { "argocd.argoproj.io/sync-options": "Prune=false" }],
  ["release.yaml", "another chart", ["spec", "chart", "spec", "chart"], "evil"],
  ["release.yaml", "another source", ["spec", "chart", "spec", "sourceRef", "name"], "evil"],
  ["release.yaml", "another namespace's source", ["spec", "chart", "spec", "sourceRef", "namespace"], "evil"],
  ["release.yaml", "another cluster", ["spec", "kubeConfig"], { secretRef: { name: "other" } }],
  ["release.yaml", "another account", ["spec", "serviceAccountName"], "cluster-admin"],
  ["release.yaml", "target namespace", ["spec", "targetNamespace"], "kube-system"],
  ["release.yaml", "post renderer", ["spec", "postRenderers"], [{ kustomize: { patches: [] } }]],
  ["release.yaml", "values from a Secret", ["spec", "valuesFrom"], [{ kind: "Secret", name: "admin" }]],
  ["release.yaml", "suspended", ["spec", "suspend"], true],
  ["release.yaml", "no hooks", ["spec", "install"], { disableHooks: true, disableSchemaValidation: true }],
  ["release.yaml", "no drift detection", ["spec", "driftDetection"], { mode: "disabled" }],
  ["release.yaml", "privileged value", ["spec", "values", "securityContext"], { privileged: true }],
  ["release.yaml", "registry value", ["spec", "values", "image", "repository"], "evil.example.com/x"],
  ["release.yaml", "value beside", ["spec", "values", "replicas"], 99],
  ["release.yaml", "reconciled never", ["spec", "interval"], "87600h"],
  ["release.yaml", "finalizer", ["metadata", "finalizers"], ["evil/hold"]],
  ["release.yaml", "annotation", ["metadata", "annotations"], { "kustomize.toolkit.fluxcd.io/reconcile": "disabled" }],
  ["release.yaml", "another kind", ["kind"], "Kustomization"],
  ["application.yaml", "another repository", ["spec", "source", "repoURL"], "https://github.com/evil/shop"],
  ["application.yaml", "another revision", ["spec", "source", "targetRevision"], "evil"],
  ["application.yaml", "another path", ["spec", "source", "path"], "../evil"],
  ["application.yaml", "another project", ["spec", "project"], "default"],
  ["application.yaml", "another cluster", ["spec", "destination", "server"], "https://evil.example.com"],
  ["application.yaml", "another namespace", ["spec", "destination", "namespace"], "kube-system"],
  ["application.yaml", "second source", ["spec", "sources"], [{ repoURL: "https://github.com/evil/x" }]],
  ["application.yaml", "plugin", ["spec", "source", "plugin"], { name: "evil" }],
  ["application.yaml", "sync options", ["spec", "syncPolicy"], { syncOptions: ["Validate=false", "Prune=false"] }],
  ["application.yaml", "ignored differences", ["spec", "ignoreDifferences"], [{ group: "*", kind: "*", jsonPointers: ["/spec"] }]],
  ["application.yaml", "parameters", ["spec", "source", "helm", "parameters"], [{ name: "image.repository", value: "evil" }]],
  ["application.yaml", "value files", ["spec", "source", "helm", "valueFiles"], ["https://evil.example.com/values.yaml"]],
  ["application.yaml", "file parameters", ["spec", "source", "helm", "fileParameters"], [{ name: "x", path: "/etc/passwd" }]],
  ["application.yaml", "value beside", ["spec", "source", "helm", "valuesObject", "hostNetwork"], true],
  ["application.yaml", "credentials passed on", ["spec", "source", "helm", "passCredentials"], true],
  ["application.yaml", "operation", ["operation"], { sync: { prune: true } }],
  ["application.yaml", "another name", ["metadata", "name"], "argocd"],
];

describe("settings: values, kustomizations, HelmReleases, Applications", () => {
  it.each(Object.keys(FILES))("the right fix of %s is approved, and nothing else changes", (file) => {
    const files = propose(file, fixed(file));
    expect(files?.map(({ after }) => after)).toEqual([FILES[file]?.replace("5.2.0", "5.1.2")]);
  });

  it.each(ATTACKS)("%s: %s is refused, or put back", (file, _, path, value) => {
    const hostile = applyChanges(fixed(file), [{ path, before: undefined, after: value }]) ?? null;
    expect(JSON.stringify(hostile)).not.toBe(JSON.stringify(fixed(file)));
    const files = propose(file, hostile);
    if (files) expect(files.map(({ after }) => after)).toEqual([FILES[file]?.replace("5.2.0", "5.1.2")]);
  });

  it("are tried with many", () => {
    console.error(`hostile settings: ${ATTACKS.length} in ${Object.keys(FILES).length} kinds of documents`);
    expect(ATTACKS.length).toBeGreaterThanOrEqual(75);
  });
});
