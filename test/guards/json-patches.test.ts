import { describe, expect, test } from "vitest";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { fetched, judgedStory } from "./planned-story.ts";

const SHOP = `apiVersion: apps/v1
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
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
      containers:
        - name: shop
          image: acme/shop:1.9
          securityContext:
            runAsUser: 1000
`;
const POD: FieldPath = ["spec", "template", "spec", "securityContext", "runAsUser"];
const CONTAINER: FieldPath = ["spec", "template", "spec", "containers", { key: "name", value: "shop" }, "securityContext", "runAsUser"];

/** Operations that give the whole security context, of the pod or of a container, without a user. */
const OPERATIONS = `- op: replace
  path: /spec/template/spec/securityContext
  value:
    runAsNonRoot: true
    fsGroup: 2000
- op: replace
  path: /spec/template/spec/containers/0/securityContext
  value:
    readOnlyRootFilesystem: true
`;
const ENTRY = "patches:\n  - target: {kind: Deployment, name: shop}\n    ";
const AS_FILE = { "prod/kustomization.yaml": `resources:\n  - ../base\n${ENTRY}path: security.yaml\n`, "prod/security.yaml": OPERATIONS };
const INLINE = { "prod/kustomization.yaml": `resources:\n  - ../base\n${ENTRY}patch: |-\n${OPERATIONS.replaceAll(/^(?=.)/gm, "      ")}` };

/** The user goes back where it was; what every guard says of it. */
function judged(files: Record<string, string>, path: FieldPath, tamper?: (yaml: string) => string): Promise<string> {
  const all: Record<string, string> = { "base/kustomization.yaml": "resources:\n  - shop.yaml\n", "base/shop.yaml": SHOP, ...files };
  return judgedStory({
    files: all,
    good: { ...all, "prod/kustomization.yaml": "resources:\n  - ../base\n" },
    finding: { failureClass: "run-as-root-image", rootCause: "The image runs as root since the last commit.", confidence: 0.9 },
    said: "container has runAsNonRoot and image will run as root",
    quote: "image will run as root",
    change: { path, after: 1000 },
    words: "puts it back",
    ...(tamper ? { tamper } : {}),
  });
}

describe.skipIf(fetched.kind === "unavailable")("a field that a JSON patch took away with the mapping around it", () => {
  test("goes back into what the operation gives, in a file of its own and inside of the kustomization", async () => {
    expect(await judged(AS_FILE, POD)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/security.yaml
      +    runAsUser: 1000"
    `);
    expect(await judged(INLINE, POD)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +          runAsUser: 1000"
    `);
  });

  test("also where the operation counts the containers that the field's path names", async () => {
    expect(await judged(AS_FILE, CONTAINER)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/security.yaml
      +    runAsUser: 1000"
    `);
    expect(await judged(INLINE, CONTAINER)).toMatchInlineSnapshot(`
      "approved
      +++ b/prod/kustomization.yaml
      +          runAsUser: 1000"
    `);
  });

  test("not in a patch on another object", async () => {
    const of = (target: string, text: string) => text.replace("{kind: Deployment, name: shop}", target);
    const on = (target: string) => ({ ...AS_FILE, "prod/kustomization.yaml": of(target, AS_FILE["prod/kustomization.yaml"]) });
    for (const target of ['{name: "sh.*"}', "{kind: Deployment}"]) expect(await judged(on(target), POD)).toContain("+++ b/prod/security.yaml");
    const both = `${of("{kind: Service}", INLINE["prod/kustomization.yaml"])}${ENTRY.slice("patches:\n".length)}path: security.yaml\n`;
    expect(await judged({ ...AS_FILE, "prod/kustomization.yaml": both }, POD)).toContain("+++ b/prod/security.yaml");
  });

  const more = (line: string) => (yaml: string) => yaml.replace(/^( *)(runAsUser: 1000)$/m, `$1$2\n$1${line}`);
  const MAPPING = "refused scope/identity, scope/identity, scope/identity";
  test.each<[name: string, tamper: (yaml: string) => string, file: string, inline: string]>([
    [
      "root",
      (yaml) => yaml.replace("runAsUser: 1000", "runAsUser: 0"),
      "refused class-paths/root-user, plausible/no-op",
      "refused plausible/root-user not-worse/root-user blast-radius/root-user",
    ],
    ["privileges beside it", more("privileged: true"), "refused class-paths/privileged", "refused class-paths/not-permitted, plausible/no-op"],
    [
      "leave to be root",
      (yaml) => yaml.replace("runAsNonRoot: true", "runAsNonRoot: false"),
      "refused class-paths/root-allowed",
      "refused class-paths/not-permitted, plausible/no-op",
    ],
    // In a file the path stays as it was, and the rest is approved.
    [
      "another path",
      (yaml) => yaml.replace("/spec/template/spec/securityContext", "/spec/template/spec/containers/0/securityContext"),
      "approved class-paths/not-permitted",
      "refused class-paths/not-permitted, plausible/no-op",
    ],
    [
      "an operation more",
      (yaml) => yaml.replace(/^( *)- op: replace/m, "$1- op: add\n$1  path: /spec/template/spec/hostNetwork\n$1  value: true\n$1- op: replace"),
      "refused class-paths/root-allowed, plausible/no-op",
      "refused class-paths/not-permitted, plausible/no-op",
    ],
    ["a manifest in its place", () => SHOP, MAPPING, MAPPING],
  ])("does not bring %s", async (_, tamper, file, inline) => {
    const first = async (files: Record<string, string>) => (await judged(files, POD, tamper)).split("\n")[0];
    expect(await first(AS_FILE)).toContain(file);
    expect(await first(INLINE)).toContain(inline);
  });
});
