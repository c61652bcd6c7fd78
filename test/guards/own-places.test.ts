// Ways in which one delivery does without what others keep, from the wanted change to the approved files.
import { describe, expect, test } from "vitest";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { fetched, judgedStory } from "./planned-story.ts";

const OLD_CACHE: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }, "env", { key: "name", value: "OLD_CACHE" }];

const shop = (env: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers:
        - name: shop
          image: acme/shop:1.9
          env:
${env}`;
const LOG_LEVEL = "            - name: LOG_LEVEL\n              value: info\n";
const VARIABLE = "            - name: OLD_CACHE\n              value: on-disk\n";
const BASE = { "base/kustomization.yaml": "resources:\n  - shop.yaml\n", "dev/kustomization.yaml": "resources:\n  - ../base\n" };
const STRATEGIC = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  template:
    spec:
      containers:
        - name: shop
          env:
            - name: ZONE
              value: north
`;
const inside = (text: string) => text.replaceAll(/^(?=.)/gm, "      ");
const OPERATION = "- op: add\n  path: /spec/template/spec/containers/0/env/-\n  value:\n    name: OLD_CACHE\n    value: on-disk\n";
const OTHER = '- op: add\n  path: /metadata/annotations\n  value:\n    team: "shop"\n';

/** A variable that came since the last good revision goes; what every guard says of it. */
function judged(files: Record<string, string>, good: Record<string, string>): Promise<string> {
  return judgedStory({
    files,
    good: { ...files, ...good },
    finding: { failureClass: "crash-on-start", rootCause: "The program does not know the cache on disk any more.", confidence: 0.8 },
    said: "CrashLoopBackOff",
    quote: "CrashLoopBackOff",
    change: { path: OLD_CACHE, after: undefined },
    words: "takes it away",
  });
}

describe.skipIf(fetched.kind === "unavailable")("a variable that only this delivery does without", () => {
  const shared = { ...BASE, "base/shop.yaml": shop(LOG_LEVEL + VARIABLE) };
  const good = { "base/shop.yaml": shop(LOG_LEVEL) };

  test("is ordered away in a new patch", async () => {
    expect(await judged({ ...shared, "prod/kustomization.yaml": "resources:\n  - ../base\n" }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +patches:
      +  - path: shop-deployment-patch.yaml
      +++ b/prod/shop-deployment-patch.yaml
      +apiVersion: apps/v1
      +kind: Deployment
      +metadata:
      +  name: shop
      +spec:
      +  template:
      +    spec:
      +      containers:
      +        - name: shop
      +          env:
      +            - name: OLD_CACHE
      +              $patch: delete"
    `);
  });

  test("is ordered away in the patch that is there, also inside of the kustomization", async () => {
    const patches = "resources:\n  - ../base\npatches:\n  - ";
    expect(await judged({ ...shared, "prod/kustomization.yaml": `${patches}path: shop.yaml\n`, "prod/shop.yaml": STRATEGIC }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/shop.yaml
      +            - name: OLD_CACHE
      +              $patch: delete"
    `);
    expect(await judged({ ...shared, "prod/kustomization.yaml": `${patches}patch: |-\n${inside(STRATEGIC)}` }, good)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +                  - name: OLD_CACHE
      +                    $patch: delete"
    `);
  });

  test("goes with the operation that adds it", async () => {
    const world = { ...BASE, "base/shop.yaml": shop(LOG_LEVEL) };
    const target = "resources:\n  - ../base\npatches:\n  - target: {kind: Deployment, name: shop}\n    ";
    const kustomization = `${target}path: shop.yaml\n`;
    const file = { ...world, "prod/kustomization.yaml": kustomization, "prod/shop.yaml": OPERATION + OTHER };
    expect(await judged(file, { "prod/shop.yaml": OTHER })).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/shop.yaml
      -  path: /spec/template/spec/containers/0/env/-
      -  value:
      -    name: OLD_CACHE
      -    value: on-disk"
    `);
    const text = (operations: string) => ({ "prod/kustomization.yaml": `${target}patch: |-\n${inside(operations)}` });
    expect(await judged({ ...world, ...text(OPERATION + OTHER) }, text(OTHER))).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      -        path: /spec/template/spec/containers/0/env/-
      -        value:
      -          name: OLD_CACHE
      -          value: on-disk
      -      - op: add"
    `);
  });

  test("goes from the values that the template writes out", async () => {
    const template = shop("            {{- toYaml .Values.env | nindent 12 }}\n");
    const chart = { "prod/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n", "prod/templates/shop.yaml": template };
    const values = "env:\n  - name: LOG_LEVEL\n    value: info\n";
    const files = { ...chart, "prod/values.yaml": `${values}  - name: OLD_CACHE\n    value: on-disk\n` };
    expect(await judged(files, { "prod/values.yaml": values })).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/values.yaml
      -  - name: OLD_CACHE
      -    value: on-disk"
    `);
  });
});
