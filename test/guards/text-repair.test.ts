import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { type GateInput, guardChange, guardProposal } from "../../src/guards/gate.ts";
import { guardHead } from "../../src/guards/head.ts";
import type { FileChange } from "../../src/source/workspace.ts";

const TARGET = { group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "flux-system", name: "shop" };

const GOOD = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: shop
          image: acme/shop:1.4.1
          ports:
            - containerPort: 8080
`;
/** The commit broke an indentation, and wanted another tag. */
const BROKEN = GOOD.replace("          ports:", "\t  ports:").replace("1.4.1", "1.4.2");
const FIXED = GOOD.replace("1.4.1", "1.4.2");
const LIST = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - shop.yaml\n  - svc.yaml\n";
const ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: shop\nrules:\n  - apiGroups: ['']\n";
const RELEASE =
  "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: shop\nspec:\n  valuesFrom:\n    - kind: ConfigMap\n      name: shop-values\n";

function deployment(tag: string, more: Partial<KubeObject> = {}): KubeObject {
  const container = { name: "shop", image: `acme/shop:${tag}`, ports: [{ containerPort: 8080 }] };
  const spec = { replicas: 2, selector: {}, template: { spec: { containers: [container] } } };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "shop" }, spec, ...more };
}

const FILES = [
  { path: "deploy/shop.yaml", text: BROKEN, lastGood: GOOD },
  { path: "deploy/kustomization.yaml", text: LIST, lastGood: LIST },
  { path: "deploy/role.yaml", text: ROLE.replace("rules:", " rules:"), lastGood: ROLE },
  { path: "deploy/release.yaml", text: RELEASE, lastGood: RELEASE },
];

interface Attempt {
  files?: Record<string, string>;
  proposal?: Partial<Proposal>;
  gate?: Partial<GateInput>;
  /** What the delivery renders with the files. */
  after?: KubeObject[];
}

const EVERYTHING: NonNullable<GateInput["texts"]> = {
  files: FILES,
  paths: new Set(["", "deploy", ...FILES.map(({ path }) => path), "deploy/service.yaml", "deploy/role-of-svc.yaml", "deploy/away.yaml", "other"]),
  beside: new Map([
    ["deploy/service.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: shop\n"],
    ["deploy/role-of-svc.yaml", `apiVersion: v1\nkind: List\nitems: [${JSON.stringify({ apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" })}]\n`],
  ]),
  configMaps: new Set(["shop-settings"]),
  hasLastGood: true,
};

function inputOf({ files = { "deploy/shop.yaml": FIXED }, proposal = {}, gate = {} }: Attempt): GateInput {
  return {
    proposal: {
      origin: "playbook",
      failureClass: "render-failed",
      rootCause: "Line 12 of deploy/shop.yaml is indented with a tab.",
      target: { object: TARGET },
      confidence: 0.95,
      quotes: [{ evidenceId: "E1", quote: "kustomize build failed" }],
      documents: [],
      files: Object.entries(files).map(([path, text]) => ({ path, text })),
      words: [],
      ...proposal,
    },
    target: TARGET,
    evidence: {
      items: [{ id: "E1", kind: "delivery", source: "status", text: "BuildFailed: kustomize build failed: yaml: line 12" }],
      omitted: 0,
      redactions: {},
    },
    offered: [],
    permitted: [],
    rendered: [],
    knownImages: [],
    lastGood: [deployment("1.4.1")],
    texts: EVERYTHING,
    tried: [],
    bounds: { minimumConfidence: 0.6, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 600, deadlineFactor: 4 },
    ...gate,
  };
}

function madeOf(input: GateInput, after: KubeObject[]) {
  const files = (input.proposal.files ?? []).map(
    ({ path, text }): FileChange => ({ path, before: FILES.find((file) => file.path === path)?.text, after: text }),
  );
  const failed = { kind: "failed" as const, message: "yaml: line 12", inputs: [] };
  return { files, before: failed, after: { kind: "rendered" as const, objects: after, inputs: [] }, alsoAffects: [] };
}

/** The rules that refuse it, or "approved". */
function judge(attempt: Attempt): string[] {
  const input = inputOf(attempt);
  const verdict = guardProposal(input);
  const last = verdict.kind === "refused" ? verdict : guardChange(input, verdict, madeOf(input, attempt.after ?? [deployment("1.4.2")]));
  const rules = last.report.findings.filter(({ verdict }) => verdict === "refused").map(({ guard, rule }) => `${guard}/${rule}`);
  return last.kind === "approved" ? ["approved"] : [...new Set(rules)];
}

/** The same as a commit on the pull request's branch. */
function judgeHead(attempt: Attempt): string[] {
  const input = inputOf(attempt);
  const { kind, report } = guardHead(input, madeOf(input, attempt.after ?? [deployment("1.4.2")]));
  return kind === "approved" ? ["approved"] : [...new Set(report.findings.map(({ guard, rule }) => `${guard}/${rule}`))];
}

describe("a repair of text", () => {
  test("puts back the line that broke, and leaves the new tag", () => {
    expect(judge({})).toEqual(["approved"]);
    expect(judgeHead({})).toEqual(["approved"]);
  });

  test("may put back every line of the commit", () => {
    expect(judge({ files: { "deploy/shop.yaml": GOOD }, after: [deployment("1.4.1")] })).toEqual(["approved"]);
  });

  test.each([
    ["role-of-svc.yaml", "scope/kind"],
    ["away.yaml", "scope/kind"],
    ["../other", "scope/kind"],
    ["service.yaml", "approved"],
  ])("without history leads a reference only to what is known and brings nobody a right: %s", (name, rule) => {
    const texts = { ...EVERYTHING, hasLastGood: false, files: FILES.map(({ path, text }) => ({ path, text, lastGood: undefined })) };
    const { lastGood: _, ...input } = inputOf({ files: { "deploy/kustomization.yaml": LIST.replace("svc.yaml", name) }, gate: { texts } });
    const { kind, report } = guardProposal(input);
    expect(kind === "edits" ? "approved" : report.findings.map(({ guard, rule }) => `${guard}/${rule}`).join()).toBe(rule);
  });

  test("without history is surer of less, and answers for every object", () => {
    const texts = { ...EVERYTHING, hasLastGood: false, files: FILES.map(({ path, text }) => ({ path, text, lastGood: undefined })) };
    const { lastGood: _, ...input } = inputOf({ files: { "deploy/kustomization.yaml": LIST.replace("svc.yaml", "service.yaml") }, gate: { texts } });
    const verdict = guardProposal(input);
    if (verdict.kind !== "edits") throw new Error("refused");
    expect(verdict.report.confidence).toMatchObject({ claimed: 0.95, final: 0.9 });
    expect(guardChange(input, verdict, madeOf(input, [deployment("1.4.2")])).kind).toBe("approved");
    const misspelt = guardChange(input, verdict, madeOf(input, [{ ...deployment("1.4.2"), spec: { replica: 2, selector: {}, template: {} } }]));
    expect(misspelt.report.findings).toMatchObject([{ guard: "schema", rule: "invalid" }]);
  });
});

/** A commit adds lines, one column too far to the right. */
const ADDED = GOOD.replace("          ports:", '           env:\n             - name: PAGE_SIZE\n               value: "24"\n          ports:');
const MOVED = GOOD.replace("          ports:", '          env:\n            - name: PAGE_SIZE\n              value: "24"\n          ports:');
const SIZED = deployment("1.4.1", {
  spec: {
    replicas: 2,
    selector: {},
    template: {
      spec: { containers: [{ name: "shop", image: "acme/shop:1.4.1", ports: [{ containerPort: 8080 }], env: [{ name: "PAGE_SIZE", value: "24" }] }] },
    },
  },
});

function indented(text: string, lastGood: string | undefined, after: string, hasLastGood = true): Attempt {
  const files = FILES.map((file) => (file.path === "deploy/shop.yaml" ? { ...file, text, lastGood } : file));
  return { files: { "deploy/shop.yaml": after }, gate: { texts: { ...EVERYTHING, files, hasLastGood } }, after: [SIZED] };
}

describe("lines that came together", () => {
  test("move together to where the file can be read", () => {
    expect(judge(indented(ADDED, GOOD, MOVED))).toEqual(["approved"]);
    expect(judgeHead(indented(ADDED, GOOD, MOVED))).toEqual(["approved"]);
    const tabs = GOOD.replace("          ports:", '\t\t\t\t\tenv:\n\t\t\t\t\t\t- name: PAGE_SIZE\n\t\t\t\t\t\t\tvalue: "24"\n          ports:');
    expect(judge(indented(tabs, GOOD, MOVED))).toEqual(["approved"]);
  });

  const UNTRACED = ["invariants/untraced-line", "plausible/no-op"];
  test.each<[name: string, attempt: Attempt, rules: string[]]>([
    ["where one of them was there before", indented(ADDED, GOOD.replace("          ports:", "           env:\n          ports:"), MOVED), UNTRACED],
    [
      "where they move against each other",
      indented(ADDED, GOOD, MOVED.replace("            - name: PAGE_SIZE\n  ", "          - name: PAGE_SIZE\n")),
      UNTRACED,
    ],
    ["where one says something else", indented(ADDED, GOOD, MOVED.replace("24", "25")), UNTRACED],
    ["where the file could be read", indented(MOVED.replace("acme/shop:1.4.1", '"acme/shop:1.4.1"'), GOOD, ADDED), ["yaml/syntax", ...UNTRACED]],
    ["where nothing is known that worked", indented(ADDED, undefined, MOVED, false), UNTRACED],
    [
      "where they run as root then",
      { ...indented(ADDED, GOOD, MOVED), after: [{ ...SIZED, spec: rooted(SIZED) }] },
      ["not-worse/root-user", "blast-radius/unexplained"],
    ],
  ])("do not %s", (_, attempt, rules) => {
    expect(judge(attempt)).toEqual(rules);
  });
});

/** A commit adds a variable whose value YAML does not take as a text. */
const BARE = GOOD.replace("          ports:", "          env:\n            - name: MOTD\n              value: Sale: now # till Sunday\n          ports:");
const QUOTED = BARE.replace("Sale: now", '"Sale: now"');

function quoted(text: string, after: string, lastGood: string | undefined = GOOD): Attempt {
  const env = [{ name: "MOTD", value: "Sale: now" }];
  const containers = [{ name: "shop", image: "acme/shop:1.4.1", ports: [{ containerPort: 8080 }], env }];
  return { ...indented(text, lastGood, after), after: [deployment("1.4.1", { spec: { replicas: 2, selector: {}, template: { spec: { containers } } } })] };
}

describe("a value without quotes that needs them", () => {
  test("gets them, and says what was written", () => {
    expect(judge(quoted(BARE, QUOTED))).toEqual(["approved"]);
    expect(judgeHead(quoted(BARE, QUOTED))).toEqual(["approved"]);
  });

  const UNTRACED = ["invariants/untraced-line", "plausible/no-op"];
  test.each<[name: string, attempt: Attempt, rules: string[]]>([
    ["says something else", quoted(BARE, QUOTED.replace("now", "later")), UNTRACED],
    ["loses its end", quoted(BARE, QUOTED.replace("Sale: now", "Sale: no")), UNTRACED],
    ["takes the comment in", quoted(BARE, BARE.replace("Sale: now # till Sunday", '"Sale: now # till Sunday"')), UNTRACED],
    ["gets another key", quoted(BARE, QUOTED.replace("value:", "valve:")), UNTRACED],
    ["was there at the last good revision", quoted(BARE, QUOTED, BARE.replace("1.4.1", "1.4.0")), UNTRACED],
    ["could be read", quoted(BARE.replace("Sale: now", "Sale"), BARE.replace("Sale: now", '"Sale"')), UNTRACED],
    ["was a list before", quoted(BARE.replace("Sale: now", "[a] b"), BARE.replace("Sale: now", '"[a] b"'), BARE.replace("Sale: now", "[a]")), UNTRACED],
    [
      "names an anchor of the file",
      quoted(
        BARE.replace("Sale: now", "*motd").replace("name: shop", "name: &mtd shop"),
        BARE.replace("Sale: now", '"*motd"').replace("name: shop", "name: &mtd shop"),
      ),
      UNTRACED,
    ],
    [
      "is about an account",
      quoted(BARE.replace("value: Sale", "serviceAccountName: Sale"), QUOTED.replace("value: ", "serviceAccountName: ")),
      ["class-paths/dangerous-line"],
    ],
  ])("stays as it is where it %s", (_, attempt, rules) => {
    expect(judge(attempt)).toEqual(rules);
  });
});

const NUMBER = BARE.replace("Sale: now # till Sunday", "1.10");

describe("a value of the wrong type", () => {
  const UNTRACED = ["invariants/untraced-line", "plausible/no-op"];

  test("says the same in the right one", () => {
    expect(judge(quoted(NUMBER, NUMBER.replace("1.10", '"1.10"')))).toEqual(["approved"]);
    expect(judgeHead(quoted(NUMBER, NUMBER.replace("1.10", '"1.10"')))).toEqual(["approved"]);
  });

  test.each<[name: string, attempt: Attempt]>([
    ["says something else", quoted(NUMBER, NUMBER.replace("1.10", '"1.11"'))],
    ["is none", quoted(NUMBER.replace("1.10", "Sale"), NUMBER.replace("1.10", '"Sale"'))],
    ["was there at the last good revision", quoted(NUMBER, NUMBER.replace("1.10", '"1.10"'), NUMBER.replace("1.4.1", "1.4.0"))],
  ])("stays as it is where it %s", (_, attempt) => {
    expect(judge(attempt)).toEqual(UNTRACED);
  });
});

describe("a text whose quotation mark was never closed", () => {
  const OPEN = BARE.replace("Sale: now # till Sunday", '"Sale');
  test("gets it at its end", () => {
    expect(judge(quoted(OPEN, OPEN.replace('"Sale', '"Sale"')))).toEqual(["approved"]);
  });

  test("and nowhere else", () => {
    expect(judge(quoted(OPEN, OPEN.replace('"Sale', '"Sa"')))).toEqual(["invariants/untraced-line", "plausible/no-op"]);
  });
});

describe("the chart of a HelmRelease that was moved", () => {
  const CHARTED = `${RELEASE}  chart:\n    spec:\n      chart: ./chart\n`;
  const files = [{ path: "deploy/release.yaml", text: CHARTED, lastGood: CHARTED.replace("shop-values", "values") }];
  const texts = {
    ...EVERYTHING,
    files,
    paths: new Set([...EVERYTHING.paths, "charts/shop/Chart.yaml", "other/values.yaml"]),
    configMaps: new Set(["shop-values"]),
  };
  const led = (to: string): string[] =>
    judge({ files: { "deploy/release.yaml": CHARTED.replace("./chart", to) }, gate: { texts }, after: [deployment("1.4.1")] });

  test("is found where it is now", () => expect(led("./charts/shop")).not.toContain("invariants/untraced-line"));

  test.each(["./charts", "./other", "../charts/shop", "https://evil.example/chart"])("and not at %s", (to) => {
    expect(led(to)).toContain("invariants/untraced-line");
  });
});

describe("a JSON patch of a container that went", () => {
  const PATCHED = `${LIST}patches:\n  - path: proxy.yaml\n    target: {kind: Deployment}\n  - path: hard.yaml\n    target: {kind: Deployment}\n`;
  const GONE = PATCHED.replace("  - path: proxy.yaml\n    target: {kind: Deployment}\n", "");
  const patch = (index: number) => `- op: replace\n  path: /spec/template/spec/containers/${index}/image\n  value: x\n`;
  const kept = (path: string, text: string) => ({ path, text, lastGood: text });
  const files = [kept("deploy/kustomization.yaml", PATCHED), kept("deploy/proxy.yaml", patch(1)), kept("deploy/hard.yaml", patch(0))];
  const said = (pointer: string) => ({
    id: "E1",
    kind: "delivery" as const,
    source: "status",
    text: `kustomize build failed: replace operation does not apply: doc is missing path: ${pointer}: missing value`,
  });
  const without = (text: string, pointer = "/spec/template/spec/containers/1/image", hasLastGood = true): string[] =>
    judge({
      files: { "deploy/kustomization.yaml": text },
      proposal: { quotes: [{ evidenceId: "E1", quote: "replace operation does not apply" }] },
      gate: { texts: { ...EVERYTHING, files, hasLastGood }, evidence: { items: [said(pointer)], omitted: 0, redactions: {} } },
      after: [deployment("1.4.1")],
    });

  test("goes", () => expect(without(GONE)).toEqual(["approved"]));

  test.each<[string, string[]]>([
    ["and no other patch with it", without(LIST)],
    ["and not another one", without(PATCHED.replace("  - path: hard.yaml\n    target: {kind: Deployment}\n", ""))],
    ["and not where the error is about a variable", without(GONE, "/spec/template/spec/containers/1/env/0/value")],
    ["and not without a last good revision", without(GONE, "/spec/template/spec/containers/1/image", false)],
  ])("%s", (_, rules) => expect(rules).toContain("invariants/untraced-line"));
});

describe("a file of a generator that has another name now", () => {
  const LISTED = `${LIST}configMapGenerator:\n  - name: shop\n    files:\n      - conf/app.conf\n`;
  const texts = {
    ...EVERYTHING,
    files: [{ path: "deploy/kustomization.yaml", text: LISTED, lastGood: LISTED }],
    paths: new Set([...EVERYTHING.paths, "deploy/svc.yaml", "deploy/conf/shop.conf"]),
  };
  const led = (to: string): Attempt => ({
    files: { "deploy/kustomization.yaml": LISTED.replace("conf/app.conf", to) },
    gate: { texts },
    after: [deployment("1.4.1")],
  });

  test("is taken under its old key", () => {
    expect(judge(led("app.conf=conf/shop.conf"))).toEqual(["approved"]);
  });

  test.each(["shop.conf=conf/shop.conf", "app.conf=conf/none.conf", "app.conf==conf/shop.conf"])("and not as %s", (to) => {
    expect(judge(led(to))).toEqual(["invariants/untraced-line", "plausible/no-op"]);
  });
});

function rooted({ spec }: KubeObject): KubeObject["spec"] {
  const text = JSON.stringify(spec).replace('"containers"', '"securityContext":{"runAsUser":0},"containers"');
  return JSON.parse(text) as KubeObject["spec"];
}

const HOSTILE: [name: string, attempt: Attempt, rules: string[]][] = [
  ["a line of its own beside the repair", { files: { "deploy/shop.yaml": `${FIXED}# hello\n` } }, ["invariants/untraced-line", "plausible/no-op"]],
  ["a value of its own", { files: { "deploy/shop.yaml": FIXED.replace("1.4.2", "6.6.6") } }, ["invariants/untraced-line", "plausible/no-op"]],
  [
    "a good line at another place",
    { files: { "deploy/shop.yaml": FIXED.replace("  name: shop\n", "  name: shop\n  replicas: 2\n") } },
    ["invariants/untraced-line", "plausible/no-op"],
  ],
  [
    "two lines of white space",
    { files: { "deploy/shop.yaml": FIXED.replace("  replicas", "   replicas") } },
    ["yaml/syntax", "invariants/untraced-line", "plausible/no-op"],
  ],
  ["text that still cannot be read", { files: { "deploy/shop.yaml": BROKEN.replace("1.4.2", "1.4.1") } }, ["yaml/syntax"]],
  ["a file that the delivery does not read", { files: { ".github/workflows/ci.yaml": "on: push\n" } }, ["scope/unknown-document", "plausible/no-op"]],
  ["a Role", { files: { "deploy/role.yaml": ROLE } }, ["scope/kind"]],
  [
    "a reference to a file that is not there",
    { files: { "deploy/kustomization.yaml": LIST.replace("svc.yaml", "evil.yaml") } },
    ["invariants/untraced-line", "plausible/no-op"],
  ],
  [
    "a reference to a URL",
    { files: { "deploy/kustomization.yaml": LIST.replace("svc.yaml", "https://evil.example/x.yaml") } },
    ["invariants/untraced-line", "plausible/no-op"],
  ],
  [
    "another reference than the broken one",
    { files: { "deploy/kustomization.yaml": LIST.replace("shop.yaml", "service.yaml") } },
    ["invariants/untraced-line", "plausible/no-op"],
  ],
  [
    "values from a ConfigMap that the source does not have",
    { files: { "deploy/release.yaml": RELEASE.replace("shop-values", "other-values") } },
    ["invariants/untraced-line", "plausible/no-op"],
  ],
  [
    "a reference and a restoration at once",
    { files: { "deploy/shop.yaml": FIXED, "deploy/kustomization.yaml": LIST.replace("svc.yaml", "service.yaml") } },
    ["invariants/several-grounds"],
  ],
  ["text of a model", { proposal: { origin: "model" } }, ["envelope/text-of-a-model"]],
  ["documents beside text", { proposal: { documents: [{ id: "D1", yaml: "a: 1" }] } }, ["scope/text-and-documents"]],
  [
    "a class that is fixed in documents",
    { proposal: { failureClass: "crash-on-start" } },
    ["scope/text-class", "grounding/class-without-sign", "grounding/confidence"],
  ],
  ["a source that can be rendered", { gate: { rendered: [deployment("1.4.1")] } }, ["scope/text-renders"]],
  [
    "the same file twice",
    {
      proposal: {
        files: [
          { path: "deploy/shop.yaml", text: FIXED },
          { path: "deploy/shop.yaml", text: GOOD },
        ],
      },
    },
    ["scope/duplicate-document"],
  ],
  [
    "no basis at all",
    { gate: { texts: { files: [], paths: new Set(), beside: new Map(), configMaps: new Set(), hasLastGood: false } } },
    ["scope/unknown-document", "plausible/no-op"],
  ],
  [
    "an effect that no change explains",
    { after: [deployment("1.4.2", { metadata: { name: "shop", labels: { team: "other" } } })] },
    ["blast-radius/unexplained"],
  ],
  ["an object more", { after: [deployment("1.4.2"), { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "extra" } }] }, ["blast-radius/unexplained"]],
  ["nothing rendered", { after: [] }, ["blast-radius/no-effect", "blast-radius/unexplained"]],
];

describe("no repair of text", () => {
  test.each(HOSTILE)("%s", (_, attempt, rules) => {
    expect(judge(attempt)).toEqual(rules);
  });

  test.each(HOSTILE.filter(([, { proposal }]) => proposal === undefined || proposal.files !== undefined))("as a pushed commit: %s", (_, attempt) => {
    expect(judgeHead(attempt)).not.toContain("approved");
  });

  test("brings back what a commit may have wanted to take away", () => {
    const lastGood = GOOD.replace("          ports:", "          securityContext: {privileged: true}\n          ports:");
    const files = FILES.map((file) => (file.path === "deploy/shop.yaml" ? { ...file, text: GOOD.replace("          ports:", "\t  ports:"), lastGood } : file));
    const attempt = { files: { "deploy/shop.yaml": lastGood }, gate: { texts: { ...EVERYTHING, files } } };
    expect(judge(attempt)).toContain("class-paths/dangerous-line");
  });
});

/** A commit adds a budget in a version that the cluster does not have any more. */
const BUDGET =
  "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata:\n  name: shop\nspec:\n  minAvailable: 1\n  selector: {matchLabels: {app: shop}}\n";
const INGRESS =
  "apiVersion: networking.k8s.io/v1beta1\nkind: Ingress\nmetadata:\n  name: shop\nspec:\n  backend:\n    serviceName: shop\n    servicePort: 80\n";

function budget(apiVersion: string, selector: KubeObject["spec"] = { matchLabels: { app: "shop" } }): KubeObject {
  return { apiVersion, kind: "PodDisruptionBudget", metadata: { name: "shop" }, spec: { minAvailable: 1, selector } };
}

interface Version {
  text?: string;
  proposal?: Partial<Proposal>;
  made?: KubeObject;
  /** What the base renders in its place, where not the same in the old version. */
  now?: KubeObject;
}

/** The rules that refuse it, or "approved"; the source renders, and the API server refuses. */
function judgeVersion(after: string, { text = BUDGET, proposal = {}, made = budget("policy/v1"), now = made }: Version = {}): string[] {
  const files = [...FILES.slice(1), { path: "deploy/shop.yaml", text, lastGood: undefined }];
  const good = deployment("1.4.1");
  const input = inputOf({
    files: { "deploy/shop.yaml": after },
    proposal: { failureClass: "invalid-manifest", quotes: [{ evidenceId: "E1", quote: "no matches for kind" }], ...proposal },
    gate: { texts: { ...EVERYTHING, files }, rendered: [good, { ...now, apiVersion: "policy/v1beta1" }] },
  });
  const said = 'PodDisruptionBudget/shop dry-run failed: no matches for kind "PodDisruptionBudget" in version "policy/v1beta1"';
  const evidence = { ...input.evidence, items: [{ id: "E1", kind: "delivery" as const, source: "status", text: said }] };
  const verdict = guardProposal({ ...input, evidence });
  const before = { kind: "rendered" as const, objects: [...input.rendered], inputs: [] };
  const change = {
    ...madeOf(input, [good, made]),
    files: [{ path: "deploy/shop.yaml", before: text, after }],
    before,
  };
  const last = verdict.kind === "refused" ? verdict : guardChange({ ...input, evidence }, verdict, change);
  const rules = last.report.findings.filter((one) => one.verdict === "refused").map(({ guard, rule }) => `${guard}/${rule}`);
  return last.kind === "approved" ? ["approved"] : [...new Set(rules)];
}

describe("a version that Kubernetes took away", () => {
  const NEXT = BUDGET.replace("policy/v1beta1", "policy/v1");

  test("gives way to its successor", () => {
    expect(judgeVersion(NEXT)).toEqual(["approved"]);
  });

  test.each<[name: string, judged: string[], rules: string[]]>([
    [
      "another version than the table's",
      judgeVersion(BUDGET.replace("policy/v1beta1", "policy/v2")),
      ["scope/kind", "invariants/untraced-line", "plausible/no-op"],
    ],
    ["another kind", judgeVersion(NEXT.replace("PodDisruptionBudget", "ClusterRole")), ["scope/kind", "invariants/untraced-line", "plausible/no-op"]],
    ["another line beside it", judgeVersion(NEXT.replace("minAvailable: 1", "minAvailable: 0")), ["scope/kind", "invariants/untraced-line", "plausible/no-op"]],
    [
      "the version alone, of a kind whose fields changed",
      judgeVersion(INGRESS.replace("/v1beta1", "/v1"), { text: INGRESS }),
      ["invariants/untraced-line", "plausible/no-op"],
    ],
    [
      "a document in which another kind is named too",
      judgeVersion(`${NEXT}kind: Role\n`, { text: `${BUDGET}kind: Role\n` }),
      ["yaml/duplicate-key", "scope/kind", "invariants/untraced-line", "plausible/no-op"],
    ],
    [
      "another class of failures",
      judgeVersion(NEXT, { proposal: { failureClass: "render-failed" } }),
      ["scope/text-renders", "scope/kind", "invariants/untraced-line", "grounding/class-without-sign", "grounding/confidence", "plausible/no-op"],
    ],
    ["a model", judgeVersion(NEXT, { proposal: { origin: "model" } }), ["envelope/text-of-a-model"]],
    ["an object that becomes another", judgeVersion(NEXT, { now: budget("policy/v1", { matchLabels: { app: "other" } }) }), ["blast-radius/unexplained"]],
    ["a budget that is for every pod then", judgeVersion(NEXT, { made: budget("policy/v1", {}) }), ["blast-radius/not-succeeded"]],
    [
      "fields that the successor does not know",
      judgeVersion(NEXT, { made: { ...budget("policy/v1"), spec: { minAvailible: 1 } } }),
      ["schema/invalid", "blast-radius/not-succeeded"],
    ],
  ])("stays for %s", (_, judged, rules) => {
    expect(judged).toEqual(rules);
  });
});
