import { describe, expect, test } from "vitest";
import { loadRecording } from "../world/recording.ts";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const LIST = "base/kustomization.yaml";
const listing = (name: string) => (text: string) => `${text}  - ${name}\n`;

function budget(spec: string, name = "outbox"): string {
  return `apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ${name}\nspec:\n  ${spec}\n  selector:\n    matchLabels:\n      app: outbox\n`;
}

const ROLE = "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: outbox\nrules: []\n";

/** With and without a revision that is known to have worked. */
async function outcomes(breakage: Breakage, good: Breakage = {}): Promise<string[]> {
  return [(await play(broken("shop-28", breakage, good))).outcome, (await play(broken("shop-28", breakage, good), { lastGood: true })).outcome];
}

describe.skipIf(RENDERERS.kind === "unavailable")("a new reference that leads nowhere", () => {
  test("is meant for the file that nothing lists and that is called alike, and everything else of the commit stays", async () => {
    const good: Breakage = { "base/budget.yaml": budget("minAvailable: 0"), [LIST]: listing("budget.yaml") };
    const tidied: Breakage = {
      "base/budget.yaml": undefined,
      "base/disruption-budget.yaml": budget("maxUnavailable: 1"),
      [LIST]: (text) => text.replace("budget.yaml", "pod-disruption-budget.yaml"),
      "overlays/prod/kustomization.yaml": (text) => text.replace("1.4.1", "1.4.2"),
    };
    expect(await outcomes(tidied, good)).toMatchInlineSnapshot(`
      [
        "render-failed 0.75: Line 6 of base/kustomization.yaml refers to file pod-disruption-budget.yaml, which does not exist.
      -   - pod-disruption-budget.yaml
      +   - disruption-budget.yaml",
        "render-failed 0.75: Line 6 of base/kustomization.yaml refers to file pod-disruption-budget.yaml, which does not exist.
      -   - pod-disruption-budget.yaml
      +   - disruption-budget.yaml",
      ]
    `);
  });

  test("is meant for a file that is as new as itself", async () => {
    expect(await outcomes({ "base/outbox-budget.yaml": budget("maxUnavailable: 1"), [LIST]: listing("budget.yaml") })).toMatchInlineSnapshot(`
      [
        "render-failed 0.75: Line 6 of base/kustomization.yaml refers to file budget.yaml, which does not exist.
      -   - budget.yaml
      +   - outbox-budget.yaml",
        "render-failed 0.75: Line 6 of base/kustomization.yaml refers to file budget.yaml, which does not exist.
      -   - budget.yaml
      +   - outbox-budget.yaml",
      ]
    `);
  });

  test("is not guessed between two", async () => {
    const files: Breakage = { "base/web-budget.yaml": budget("maxUnavailable: 1"), "base/pod-budget.yaml": budget("maxUnavailable: 1", "other") };
    expect(await outcomes({ ...files, [LIST]: listing("budget.yaml") })).toMatchInlineSnapshot(`
      [
        "render-failed 0.95: Line 6 of base/kustomization.yaml keeps the manifests from being built: it refers to file budget.yaml, which does not exist.
      -   - budget.yaml",
        "issue: The manifests cannot be built: line 6 of base/kustomization.yaml: budget.yaml is listed but does not exist.
      Look at line 6 of base/kustomization.yaml: it refers to file budget.yaml, which does not exist. Correct the file that the error names.",
      ]
    `);
  });

  test("is not meant for what only begins with the same word, nor for what another kustomization lists", async () => {
    expect((await outcomes({ "base/budget-role.yaml": ROLE, [LIST]: listing("budget.yaml") }))[1]).toContain("issue: ");
    const elsewhere: Breakage = {
      "base/outbox-budget.yaml": budget("maxUnavailable: 1"),
      "jobs/kustomization.yaml": "resources:\n  - ../base/outbox-budget.yaml\n",
      [LIST]: listing("budget.yaml"),
    };
    expect((await outcomes(elsewhere))[1]).toContain("issue: ");
  });

  test("brings no permissions, however they are called", async () => {
    expect(await outcomes({ "base/outbox-role.yaml": ROLE, [LIST]: listing("role.yaml") })).toMatchInlineSnapshot(`
      [
        "refused not-worse/protected-kind: Line 6 of base/kustomization.yaml refers to file role.yaml, which does not exist.",
        "refused scope/kind: Line 6 of base/kustomization.yaml refers to file role.yaml, which does not exist.",
      ]
    `);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("what a commit moved without the references to it", () => {
  const PROD = "overlays/prod/kustomization.yaml";
  const COMPONENT = "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nlabels:\n  - pairs:\n      team: mail\n";
  const with_ = (more: string) => (text: string) => `${text}${more}`;

  test("a folder, whose content changed as well", async () => {
    const good: Breakage = { "parts/labels/kustomization.yaml": COMPONENT, [PROD]: with_("components:\n  - ../../parts/labels\n") };
    const moved: Breakage = { "parts/labels/kustomization.yaml": undefined, "parts/owner/kustomization.yaml": COMPONENT.replace("mail", "post") };
    expect((await play(moving(moved, good))).outcome).toMatchInlineSnapshot(`
      "render-failed 0.85: Line 9 of overlays/prod/kustomization.yaml refers to file ../../parts/labels, which does not exist under that name any more.
      -   - ../../parts/labels
      +   - ../../parts/owner"
    `);
  });

  test("a folder that is new and misspelt", async () => {
    const added: Breakage = { "parts/labels/kustomization.yaml": COMPONENT, [PROD]: with_("components:\n  - ../../parts/label\n") };
    expect((await play(broken("shop-28", added))).outcome).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 9 of overlays/prod/kustomization.yaml refers to file ../../parts/label, which does not exist.
      -   - ../../parts/label
      +   - ../../parts/labels"
    `);
  });

  const GENERATOR = "configMapGenerator:\n  - name: outbox-settings\n    files:\n      - app.properties\n";
  const PROPERTIES = "pageSize=24\ntheme=light\ncurrency=EUR\n";

  test("a generator's file keeps the key that the pods know", async () => {
    const good: Breakage = { "overlays/prod/app.properties": PROPERTIES, [PROD]: with_(GENERATOR) };
    const moved: Breakage = { "overlays/prod/app.properties": undefined, "overlays/prod/outbox.properties": PROPERTIES.replace("24", "48") };
    expect((await play(moving(moved, good))).outcome).toMatchInlineSnapshot(`
      "render-failed 0.85: Line 11 of overlays/prod/kustomization.yaml refers to file app.properties, which does not exist under that name any more.
      -       - app.properties
      +       - app.properties=outbox.properties"
    `);
  });

  test("a chart, and its HelmRelease was forgotten", async () => {
    const recording = loadRecording("shop-900");
    const release = recording.before["releases/alpha.yaml"] ?? "";
    const moved = Object.entries(recording.before).map(([path, text]) => [path.replace(/^chart\//, "charts/shop/"), text]);
    const after = { ...Object.fromEntries(moved), "releases/alpha.yaml": release.replace("replicas: 2", "replicas: 3") };
    expect((await play({ ...recording, after })).outcome).toMatchInlineSnapshot(`
      "helm-failed 0.85: Line 10 of releases/alpha.yaml refers to chart ./chart, which does not exist under that name any more.
      -       chart: ./chart
      +       chart: ./charts/shop"
    `);
  });

  /** The good state with the commit's changes; a file that the recording never had may go away. */
  function moving(breakage: Breakage, good: Breakage) {
    const { before } = broken("shop-28", {}, good);
    const after = Object.entries({ ...before, ...breakage }).flatMap(([path, text]) => (typeof text === "string" ? [[path, text]] : []));
    return { ...broken("shop-28", {}, good), after: Object.fromEntries(after) };
  }
});
