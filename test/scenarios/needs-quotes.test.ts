import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const VALUES = "env/prod-values.yaml";
const DEPLOYMENT = "base/deployment.yaml";
const WITH_ENV: Breakage = { [VALUES]: (text) => `${text}env:\n  API_BASE_URL: https://api.example\n  PAGE_SIZE: 24\nport: 8080\n` };

interface Known {
  good?: Breakage;
  lastGood?: true;
}

/** A commit changes this file, whose other lines may be the good commit's. */
async function outcome(id: string, file: string, change: (text: string) => string, { good = {}, ...withheld }: Known = {}): Promise<string> {
  const before = broken(id, {}, good).before;
  const recording = broken(id, { [file]: change(before[file] ?? "") }, good);
  return (await play({ ...recording, after: { ...before, [file]: recording.after[file] ?? "" } }, withheld)).outcome;
}

const inValues = (line: string, known: Known = {}) =>
  outcome("shop-30", VALUES, (text) => text.replace("1.4.2", "1.4.3").replace("  PAGE", `  ${line}\n  PAGE`), { good: WITH_ENV, ...known });

describe.skipIf(RENDERERS.kind === "unavailable")("a new value that needs quotes gets them, and is not taken out again", () => {
  test("a colon within a text, beside a new tag", async () => {
    expect(await inValues("MOTD: Sale: everything must go   # until Sunday")).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 7 of env/prod-values.yaml has a value that needs quotes and has none, so that the file is no valid YAML.
      -   MOTD: Sale: everything must go   # until Sunday
      +   MOTD: "Sale: everything must go"   # until Sunday"
    `);
  });

  test.each([
    ["%d items left", '"%d items left"'],
    ["@channel", '"@channel"'],
    ["`make`", '"`make`"'],
    ["*.shop.example", '"*.shop.example"'],
    ["{{ user }}", '"{{ user }}"'],
    ["[SALE] everything must go", '"[SALE] everything must go"'],
    ['[SALE #1] "now"', '"[SALE #1] \\"now\\""'],
    [">=1.2", '">=1.2"'],
  ])("what YAML takes for something else: %s", async (text, quoted) => {
    expect(await inValues(`MOTD: ${text}`)).toBe(
      `render-failed 0.75: Line 7 of env/prod-values.yaml has a value that needs quotes and has none, so that the file is no valid YAML.\n-   MOTD: ${text}\n+   MOTD: ${quoted}`,
    );
  });

  test.each(['"', "'"])("a text that begins with %s and goes on to the end of the file", async (mark) => {
    const line = `MOTD: ${mark}everything must go`;
    expect(await inValues(line)).toBe(
      `render-failed 0.75: Line 7 of env/prod-values.yaml has a text that begins with a quotation mark and does not end with one, so that the file is no valid YAML.\n-   ${line}\n+   ${line}${mark}`,
    );
  });

  test("an item of a list in a manifest", async () => {
    const change = (text: string) => text.replace("          ports:\n", "          args:\n            - @all\n          ports:\n");
    expect(await outcome("shop-28", DEPLOYMENT, change)).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 23 of base/deployment.yaml has a value that needs quotes and has none, so that the file is no valid YAML.
      -             - @all
      +             - "@all""
    `);
  });

  test("without history the one line that lacks them", async () => {
    expect(await inValues("MOTD: Sale: everything must go", { lastGood: true })).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 7 of env/prod-values.yaml has a value that needs quotes and has none, so that the file is no valid YAML.
      -   MOTD: Sale: everything must go
      +   MOTD: "Sale: everything must go""
    `);
  });

  test("a list that nobody closed is no text", async () => {
    expect(await inValues("MOTD: [a, b")).toMatchInlineSnapshot(`
      "issue: The manifests cannot be built: line 8 of env/prod-values.yaml: yaml: line 7: did not find expected ',' or ']'.
      Look at line 8 of env/prod-values.yaml: Flow sequence in block collection must be sufficiently indented and end with a ]. It began with d4a3d4ae ("Drop unused values"): correct it there, or revert it."
    `);
  });

  test("a placeholder in place of a value is no text", async () => {
    const change = (text: string) => text.replace("image: acme/catalog ", "image: {{ IMAGE }} ").replace("replicas: 2", "replicas: 3");
    expect(await outcome("shop-28", DEPLOYMENT, change)).toMatchInlineSnapshot(`
      "render-failed 0.95: Line 21 of base/deployment.yaml keeps the manifests from being built: only plain keys are accepted.
      -           image: {{ IMAGE }}   # keep in step with the changelog
      +           image: acme/catalog   # keep in step with the changelog"
    `);
  });

  test("a number that became two is no text", async () => {
    const change = (text: string) => text.replace("PAGE_SIZE: 24", "PAGE_SIZE: 24: 25");
    expect(await outcome("shop-30", VALUES, change, { good: WITH_ENV })).toMatchInlineSnapshot(`
      "render-failed 0.95: Line 7 of env/prod-values.yaml keeps the manifests from being built: Nested mappings are not allowed in compact mappings.
      -   PAGE_SIZE: 24: 25
      +   PAGE_SIZE: 24"
    `);
  });

  test("a mapping that got onto the line of its key does not render as a text", async () => {
    const change = (text: string) => text.replace("          ports:\n", "          resources: limits: {cpu: 1}\n          ports:\n");
    expect(await outcome("shop-28", DEPLOYMENT, change)).toMatchInlineSnapshot(`
      "issue: The manifests cannot be built: line 22 of base/deployment.yaml: yaml: line 22: mapping values are not allowed in this context in File: deployment.yaml.
      Look at line 22 of base/deployment.yaml: Nested mappings are not allowed in compact mappings. It began with 5e2163a0 ("Reformat"): correct it there, or revert it."
    `);
  });
});

describe.skipIf(RENDERERS.kind === "unavailable")("a value of the wrong type says the same in the right one", () => {
  const LIST = "deploy/kustomization.yaml";
  const good: Breakage = { [LIST]: () => "resources:\n  - deployment.yaml\n  - service.yaml\nimages:\n  - name: acme/checkout\n    newTag: 1.4.1\n" };
  const tagged = (text: string) => text.replace("newTag: 1.4.1", "newTag: 1.10").replace("resources:", "commonAnnotations: {team: mail}\nresources:");

  test("a tag that is a number to YAML, beside other changes", async () => {
    expect(await outcome("shop-27", LIST, tagged, { good })).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 7 of deploy/kustomization.yaml has a number or a boolean where a text is asked for, and the manifests cannot be built since: invalid Kustomization: json: cannot unmarshal number into Go struct field Image.images.newTag of type string.
      -     newTag: 1.10
      +     newTag: "1.10""
    `);
  });

  test("a number in quotes, where the chart's schema asks for one", async () => {
    const schema = JSON.stringify({ type: "object", properties: { replicas: { type: "integer" } } });
    const change = (text: string) => text.replace("replicas: 2", 'replicas: "4"');
    expect(await outcome("shop-30", VALUES, change, { good: { "chart/values.schema.json": () => schema } })).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 4 of env/prod-values.yaml has a text where a number or a boolean is asked for, and the manifests cannot be built since: Error: values don't meet the specifications of the schema(s) in the following chart(s): shop: - at '/replicas': got s....
      - replicas: "4"
      + replicas: 4"
    `);
  });

  test("without history nobody knows which of the two was meant", async () => {
    expect(await outcome("shop-27", LIST, tagged, { good, lastGood: true })).toMatchInlineSnapshot(`
      "issue: The manifests cannot be built: invalid Kustomization: json: cannot unmarshal number into Go struct field Image.images.newTag of type string.
      Correct the file that the error names."
    `);
  });
});
