import { describe, expect, test } from "vitest";
import { fixOf } from "./recorded-fix.ts";
import { type Breakage, broken, RENDERERS } from "./unrenderable.ts";

const LIST = "services/tariffs/kustomization.yaml";
const MAP = "services/tariffs/settings.yaml";

/** In shop-964, a first release, nothing lists the file of the ConfigMap that the Deployment reads. */
async function outcome(change: Breakage): Promise<string[]> {
  const recording = broken("shop-964", change);
  return fixOf({ ...recording, before: {}, trees: {} }, false);
}

const ROLE = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: tariffs}\nrules: []\n";

describe.skipIf(RENDERERS.kind === "unavailable")("a ConfigMap in a file that no kustomization lists", () => {
  test.each<[string, Breakage, string]>([
    ["as it was recorded", { "README.md": "# Tariffs\n" }, "+ - settings.yaml"],
    ["under another name", { [MAP]: undefined, "services/tariffs/words.yml": recordedMap() }, "+ - words.yml"],
    ["where labels are given to all", { [LIST]: (text) => `${text}commonLabels: {team: tariffs}\n` }, "+ - settings.yaml"],
  ])("is listed %s", async (_, change, line) => {
    expect(await outcome(change)).toEqual(["config-missing", line]);
  });

  test.each<[string, Breakage]>([
    ["where the file brings more", { [MAP]: (text) => `${text}${ROLE}` }],
    ["where two files have it", { "services/tariffs/other.yaml": recordedMap() }],
    ["where another kustomization lists the file", { "services/extra/kustomization.yaml": "resources: [../tariffs/settings.yaml]\n" }],
    ["where it lies in another folder", { [MAP]: undefined, "services/settings/settings.yaml": recordedMap() }],
    ["where it has another name", { [MAP]: (text) => text.replace("tariffs-settings", "prices") }],
  ])("is left to people %s", async (_, change) => {
    expect(await outcome(change)).toEqual([expect.stringMatching(/^people: config-missing/)]);
  });
});

function recordedMap(): string {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: tariffs-settings}\ndata: {THEME: dark}\n";
}
