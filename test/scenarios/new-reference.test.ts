import { describe, expect, test } from "vitest";
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
