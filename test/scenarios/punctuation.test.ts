import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const VALUES = "env/prod-values.yaml";
const LIST = "overlays/prod/kustomization.yaml";
const NAMES = "  - name: A\n    value: one\n";
const WITH_ENV: Breakage = { [VALUES]: (text) => `${text}env:\n  LOG_LEVEL: info\n  REGION: eu\nextra:\n${NAMES}` };

async function outcome(id: string, file: string, change: (text: string) => string, good: Breakage = {}): Promise<string> {
  const before = broken(id, {}, good).before;
  const recording = broken(id, { [file]: change(before[file] ?? "") }, good);
  return (await play({ ...recording, after: { ...before, [file]: recording.after[file] ?? "" } })).outcome;
}

const inValues = (from: string, to: string) => outcome("shop-30", VALUES, (text) => text.replace("1.4.2", "1.4.3").replace(from, to), WITH_ENV);

describe.skipIf(RENDERERS.kind === "unavailable")("one forgotten space or dash", () => {
  test("the space behind a colon: the line is not read on with the one before it", async () => {
    expect(await inValues("REGION: eu", "REGION:us")).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 7 of env/prod-values.yaml lacks the space behind a colon: yaml: line 8: could not find expected ':'.
      -   REGION:us
      +   REGION: us"
    `);
  });

  test.each([
    ["where the item's lines all stand at its place", "  name: B\n  value: two\n"],
    ["where the others stand below its first key", "  name: B\n    value: two\n"],
  ])("the dash of an item, %s", async (_, item) => {
    expect(await inValues(NAMES, `${NAMES}${item}`)).toContain("\n+   - name: B");
  });

  test("the dash of an only item, beside what is new in it", async () => {
    expect(await outcome("shop-28", LIST, (text) => text.replace(/- name: (\S+)\n( +)newTag: .*/, "  name: $1\n$2newTag: 1.4.2"))).toMatchInlineSnapshot(`
      "render-failed 0.75: Line 6 of overlays/prod/kustomization.yaml lacks the dash of an item: invalid Kustomization: json: cannot unmarshal object into Go struct field Kustomization.images of type []types.Image.
      -     name: acme/catalog
      +     - name: acme/catalog
      -     newTag: 1.4.2
      +       newTag: 1.4.2"
    `);
  });

  test("a line that is no key at all goes back, or is left to people where it is new", async () => {
    expect(await inValues("REGION: eu", "REGION eu")).toMatchInlineSnapshot(`
      "render-failed 0.95: Line 7 of env/prod-values.yaml keeps the manifests from being built: Implicit map keys need to be followed by map values.
      -   REGION eu
      +   REGION: eu"
    `);
    expect(await inValues("REGION: eu\n", "REGION: eu\n  CACHE_MB 64\n")).toContain("refused ");
  });
});
