import { expect, test } from "vitest";
import { renamedTemplate } from "../../src/source/slips/renamed-template.ts";

const HELPERS = "chart/templates/_helpers.tpl";
const LABELS = `{{- define "shop.labels" -}}\n{{ include "shop.own" . }}\nteam: shop\n{{- end }}\n`;
const OWN = `{{- define "shop.own" -}}\napp: shop\n{{- end }}\n`;

/** What `shop.own` is called in the chart's helpers, which had both templates. */
const renamed = (text: string, lastGood: string | undefined = LABELS + OWN) => renamedTemplate([{ path: HELPERS, text, lastGood }], "shop.own");

test("the template that makes the same has the new name", () => {
  expect(renamed((LABELS + OWN).replaceAll("shop.own", "shop.match"))).toBe("shop.match");
});

test("not one that makes something else, that was there before, or one of two", () => {
  expect(renamed(LABELS + OWN.replace("shop.own", "shop.match").replace("app: shop", "app: other"))).toBeUndefined();
  expect(renamed(LABELS, LABELS + OWN)).toBeUndefined();
  expect(renamed(LABELS + OWN)).toBeUndefined();
  expect(renamed(`${LABELS}${OWN.replace("shop.own", "shop.match")}${OWN.replace("shop.own", "shop.chosen")}`)).toBeUndefined();
});
