import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const LIST = "overlays/prod/kustomization.yaml";
const VALUES = "env/prod-values.yaml";

async function outcome(id: string, breakage: Breakage, good: Breakage = {}): Promise<string> {
  return (await play(broken(id, breakage, good))).outcome;
}

describe.skipIf(RENDERERS.kind === "unavailable")("what a commit brought is not taken out again because there is a slip in it", () => {
  const deployment = "chart/templates/deployment.yaml";
  const added = (line: string): Breakage => ({ [deployment]: (text) => text.replace("          resources:\n", `${line}          resources:\n`) });

  test.each([
    ["a value that nobody sets", "          workingDir: {{ .Values.paths.home }}\n"],
    ["a value that is required", '          workingDir: {{ required "say where" .Values.home }}\n'],
    ["a condition without an end that has nothing in it", "          {{- if .Values.port }}\n"],
    ["two of them", "          {{- if .Values.port }}\n          {{- with .Values.home }}\n          workingDir: /srv\n"],
  ])("in a template: %s", async (_, line) => {
    const breakage: Breakage = { ...added(line), [VALUES]: (text) => text.replace("1.4.2", "1.4.3") };
    expect(await outcome("shop-30", breakage)).toContain("It began with");
  });

  test("but a block gets the end that it lacks", async () => {
    const block = "          {{- if .Values.home }}\n          workingDir: {{ .Values.home }}\n";
    expect(await outcome("shop-30", { ...added(block), [VALUES]: (text) => `${text}home: /srv\n` })).toMatchInlineSnapshot(`
      "render-failed 0.75: A block of the template chart/templates/deployment.yaml that ends before line 31 has no end: Error: parse error at (shop/templates/deployment.yaml:40): unexpected EOF Use --debug flag to render out invalid YAML.
      +           {{- end }}"
    `);
  });

  test("a patch of something that is not there", async () => {
    const patch = "patches:\n  - target: {kind: Deployment}\n    patch: |-\n      - {op: replace, path: /spec/template/spec/volumes/0/name, value: data}\n";
    expect(await outcome("shop-28", { [LIST]: (text) => `${text}${patch}` })).toContain("It began with");
  });

  test("an image with its tag is no repository, and its tag was wanted", async () => {
    const image = (text: string) => text.replace(/image:\n {2}tag: 1.4.2/, "image: acme/payments:1.4.3");
    expect(
      await outcome("shop-30", { "chart/values.yaml": (text) => `${text}probes:\n  liveness: /healthz\n  readiness: /readyz\n`, [VALUES]: image }),
    ).toContain("It began with");
  });

  test("a patch that adds the first annotation makes them, for the one object that it is for", async () => {
    const pointer = "/spec/template/metadata/annotations/prometheus.io~1scrape";
    const patch = (target: string) =>
      `patches:\n  - target: {kind: Deployment${target}}\n    patch: |-\n      - op: add\n        path: ${pointer}\n        value: "true"\n`;
    const name = /name: (\S+)/.exec(broken("shop-28", {}).before["base/deployment.yaml"] ?? "")?.[1] ?? "";
    expect(await outcome("shop-28", { [LIST]: (text) => `${text}${patch(`, name: ${name}`)}` })).toMatchInlineSnapshot(`
      "render-failed 0.75: A patch at line 12 of overlays/prod/kustomization.yaml adds to a list or map that does not exist, and the manifests cannot be built since: doc is missing path: "/spec/template/metadata/annotations/prometheus.io~1scrape": missing value.
      +         path: /spec/template/metadata/annotations
      +         value: {}
      +       - op: add"
    `);
    expect(await outcome("shop-28", { [LIST]: (text) => `${text}${patch("")}` })).toContain("It began with");
  });

  test("but a patch that takes out what is not there is, and a key without a value that hides the chart's own", async () => {
    const patch = "patches:\n  - target: {kind: Deployment}\n    patch: |-\n      - {op: remove, path: /spec/template/spec/volumes}\n";
    expect(await outcome("shop-28", { [LIST]: (text) => `${text}${patch}` })).toMatchInlineSnapshot(`
      "render-failed 0.95: Line 8 of overlays/prod/kustomization.yaml changed, and the manifests cannot be built since: Unable to remove nonexistent key: volumes: missing value.
      - patches:
      -   - target: {kind: Deployment}
      -     patch: |-
      -       - {op: remove, path: /spec/template/spec/volumes}"
    `);
    expect(await outcome("shop-30", { [VALUES]: (text) => `${text}probes:\n` })).toMatchInlineSnapshot(`
      "render-failed 0.95: Line 5 of env/prod-values.yaml changed, and the manifests cannot be built since: executing "shop/templates/deployment.yaml" at <.Values.probes.liveness>: nil pointer evaluating interface {}.liveness.
      - probes:"
    `);
  });
});
