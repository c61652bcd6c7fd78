import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const VALUES = "env/prod-values.yaml";
const DEPLOYMENT = "base/deployment.yaml";
const WITH_ENV: Breakage = { [VALUES]: (text) => `${text}env:\n  API_BASE_URL: https://api.example\n  PAGE_SIZE: 24\nport: 8080\n` };

/** A commit changes this file, whose other lines may be the good commit's. */
async function outcome(id: string, file: string, change: (text: string) => string, good: Breakage = {}): Promise<string> {
  const before = broken(id, {}, good).before;
  const recording = broken(id, { [file]: change(before[file] ?? "") }, good);
  return (await play({ ...recording, after: { ...before, [file]: recording.after[file] ?? "" } })).outcome;
}

describe.skipIf(RENDERERS.kind === "unavailable")("new lines that are only indented wrongly are moved and not taken out", () => {
  test("one space too many before a new variable, beside a new tag", async () => {
    const change = (text: string) => text.replace("1.4.2", "1.4.3").replace("  PAGE", '   FEATURE_WISHLIST: "on"\n  PAGE');
    expect(await outcome("shop-30", VALUES, change, WITH_ENV)).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 7 of env/prod-values.yaml is indented wrongly, so that the file is no valid YAML.
      -    FEATURE_WISHLIST: "on"
      +   FEATURE_WISHLIST: "on""
    `);
  });

  test("as the last of its mapping it belongs to the line before", async () => {
    const change = (text: string) => text.replace("port: 8080", ' FEATURE_WISHLIST: "on"\nport: 8080');
    expect(await outcome("shop-30", VALUES, change, WITH_ENV)).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 8 of env/prod-values.yaml is indented wrongly, so that the file is no valid YAML.
      -  FEATURE_WISHLIST: "on"
      +   FEATURE_WISHLIST: "on""
    `);
  });

  test("a line that got another value goes to where its key was, whatever the line before says", async () => {
    const change = (text: string) => text.replace("port: 8080", " port: 8081");
    expect(await outcome("shop-30", VALUES, change, WITH_ENV)).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 8 of env/prod-values.yaml is indented wrongly, so that the file is no valid YAML.
      -  port: 8081
      + port: 8081"
    `);
  });

  test("an item of a list with everything that belongs to it", async () => {
    const env = '          env:\n            - name: A\n              value: "1"\n';
    const good: Breakage = { [DEPLOYMENT]: (text) => text.replace("          ports:\n", `${env}          ports:\n`) };
    const change = (text: string) => text.replace("          ports:\n", '           - name: B\n             value: "2"\n          ports:\n');
    expect(await outcome("shop-28", DEPLOYMENT, change, good)).toMatchInlineSnapshot(`
      "render-failed 0.75: Lines 25 to 26 of base/deployment.yaml are indented wrongly, so that the file is no valid YAML.
      -            - name: B
      +             - name: B
      -              value: "2"
      +               value: "2""
    `);
  });

  test("a small block behind tabs, in which the tabs say what belongs to what", async () => {
    const change = (text: string) => text.replace("          ports:\n", '\t\t\t\t\tenv:\n\t\t\t\t\t\t- name: A\n\t\t\t\t\t\t\tvalue: "1"\n          ports:\n');
    expect(await outcome("shop-28", DEPLOYMENT, change)).toMatchInlineSnapshot(`
      "render-failed 0.75: Lines 22 to 24 of base/deployment.yaml are indented wrongly, so that the file is no valid YAML.
      - →→→→→env:
      +           env:
      - →→→→→→- name: A
      +             - name: A
      - →→→→→→→value: "1"
      +               value: "1""
    `);
  });

  test("what is no slip of white space is left to people", async () => {
    const change = (text: string) => text.replace("  PAGE", "  FEATURE_WISHLIST: [on\n  PAGE");
    expect(await outcome("shop-30", VALUES, change, WITH_ENV)).toMatchInlineSnapshot(`
      "issue: The manifests cannot be built: line 8 of env/prod-values.yaml: yaml: line 7: did not find expected ',' or ']'.
      Look at line 8 of env/prod-values.yaml: Flow sequence in block collection must be sufficiently indented and end with a ]. It began with d4a3d4ae ("Drop unused values"): correct it there, or revert it."
    `);
  });
});
