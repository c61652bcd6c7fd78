import { describe, expect, test } from "vitest";
import { type Breakage, broken, play, RENDERERS } from "./unrenderable.ts";

const BASE = "base/kustomization.yaml";
const LIST = "overlays/prod/kustomization.yaml";

const SETTINGS: Breakage = { [BASE]: (text) => `${text}configMapGenerator:\n  - name: outbox-env\n    literals: [LOCALE=de, THEME=light]\n` };
const own = (more = "") => `configMapGenerator:\n  - name: outbox-env\n    literals:\n      - LOCALE=fr\n${more}`;

async function outcome(breakage: Breakage, good: Breakage = SETTINGS): Promise<string> {
  return (await play(broken("shop-28", breakage, good))).outcome;
}

describe.skipIf(RENDERERS.kind === "unavailable")("a generator of a ConfigMap that the base generates already", () => {
  test("is merged into that", async () => {
    expect(await outcome({ [LIST]: (text) => `${text}${own()}` })).toMatchInlineSnapshot(`
      "render-failed 0.75: A generator at line 12 of overlays/prod/kustomization.yaml makes a ConfigMap that its base makes already, and does not say that it is merged into that: exists; behavior must be merge or replace.
      +     behavior: merge"
    `);
  });

  test("but one that was there is not, where its base came to make the map as well", async () => {
    const good: Breakage = { [LIST]: (text) => `${text}${own()}` };
    expect(await outcome({ [BASE]: SETTINGS[BASE] }, good)).toContain("It began with");
  });
});
