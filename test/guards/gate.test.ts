import { describe, expect, it } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { digestOf, type GateInput, guardChange, guardProposal, type MadeChange } from "../../src/guards/gate.ts";
import { GUARDS } from "../../src/guards/report.ts";
import type { DocumentEdit } from "../../src/source/workspace.ts";
import { BOUNDS, item, judge, make, proposal, recorded, rules, type Situation, targetDocument } from "./situation.ts";

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
        "schema: passed (schemas of Kubernetes 1.36)",
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
