import { describe, expect, it } from "vitest";
import { diffFields } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import { documentOf, judge, proposal, rules, targetDocument } from "../guards/situation.ts";
import { replaceOnce } from "../guards/store.ts";
import type { HonestCase } from "./cases.ts";
import { FOLLOWED } from "./followed.ts";
import { RECORDED } from "./recorded.ts";
import { UNUSUAL } from "./unusual.ts";
import { WRITTEN } from "./written.ts";

const CASES = [...RECORDED, ...WRITTEN, ...UNUSUAL, ...FOLLOWED];

describe("an honest fix is approved, and nothing else is changed", () => {
  it.each(CASES)("$failureClass: $name", (honest) => {
    const { judged, wanted, document } = run(honest);
    expect(rules(judged)).toEqual([]);
    expect(judged.change?.kind).toBe("approved");
    const file = judged.files?.find(({ path }) => path === document.file);
    const made = parseYaml(file?.after ?? "");
    expect(made.kind === "parsed" && diffFields(wanted, made.documents[document.index]?.value)).toEqual([]);
  });

  it("covers the classes that can be fixed", () => {
    const classes = new Set(CASES.map(({ failureClass }) => failureClass));
    console.error(`honest fixes: ${CASES.length} over ${classes.size} classes`);
    expect(CASES.length).toBeGreaterThanOrEqual(150);
  });
});

function run(honest: HonestCase) {
  const world = honest.world();
  const document = honest.document ? documentOf(world, honest.document) : targetDocument(world);
  const yaml = honest.edits.reduce((text, [from, to]) => replaceOnce(text, from, to), document.text);
  const { failureClass, container, quote } = honest;
  const written = proposal(world, { failureClass, documents: [{ id: document.id, yaml }], quote, ...(container ? { container } : {}) });
  const judged = judge(world, written, honest.withoutHistory ? { lastGood: [] } : {});
  const parsed = parseYaml(yaml);
  return { judged, document, wanted: parsed.kind === "parsed" ? parsed.documents[0]?.value : undefined };
}
