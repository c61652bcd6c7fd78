import { describe, expect, it } from "vitest";
import { changedDocuments } from "../../src/guards/changed-documents.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import { loadRecording, recordingIds } from "../world/recording.ts";
import { STORE } from "./store.ts";

function values(text: string): unknown[] {
  const parsed = parseYaml(text);
  if (parsed.kind === "refused") throw new Error(parsed.message);
  return parsed.documents.map(({ value }) => value);
}

/** The part in which two texts differ stands, among all documents, exactly where it says. */
function expectRight(before: string, after: string): void {
  const part = changedDocuments(before, after);
  for (const [whole, own] of [
    [before, part.before],
    [after, part.after],
  ] as const) {
    const all = values(whole);
    const inside = values(own);
    expect(all.slice(part.offset, part.offset + inside.length)).toEqual(inside);
  }
  const [old, now] = [values(before), values(after)];
  expect(old.slice(0, part.offset)).toEqual(now.slice(0, part.offset));
  const behind = old.length - part.offset - values(part.before).length;
  expect(behind).toBeGreaterThanOrEqual(0);
  if (behind > 0) expect(old.slice(-behind)).toEqual(now.slice(-behind));
}

const MARKED = [
  "a: 1\n---\nb: 1\n---\nc: 1\n",
  "---\na: 1\n---\nb: 1\n",
  "# why\n---\na: 1\n---\nb: 1\n---\nc: 1\n",
  "\uFEFFa: 1\n---\nb: 1\n",
  "a: 1\r\n---\r\nb: 1\r\n",
  "--- # one\na: 1\n--- {b: 1}\n---\n",
  "a: |\n  ---\n  text\n---\nb: 1\n",
  'a: "x\n  --- y"\n---\nb: 1\n',
  "a: 1\n---\n---\nb: 1\n",
  "\n\n# only\n---\nb: 1\n",
  "a: 1\n...\n---\nb: 1\n",
  "%YAML 1.2\n---\na: 1\n---\nb: 1\n",
];

describe("the documents of a file that differ", () => {
  it.each(MARKED)("%j, whichever value changes", (text) => {
    for (const at of text.matchAll(/: 1/g)) expectRight(text, `${text.slice(0, at.index)}: 2${text.slice(at.index + 3)}`);
  });

  it("are found in what people wrote", () => {
    for (const text of [
      STORE,
      ...recordingIds().flatMap((id) => Object.entries(loadRecording(id).before).flatMap(([path, one]) => (/\.ya?ml$/.test(path) ? [one] : []))),
    ]) {
      if (parseYaml(text).kind === "refused") continue;
      for (const at of [...text.matchAll(/: ([a-z]+)$/gm)].slice(0, 8)) {
        const after = `${text.slice(0, at.index)}: ${at[1]}x${text.slice((at.index ?? 0) + at[0].length)}`;
        if (parseYaml(after).kind === "parsed") expectRight(text, after);
      }
    }
  });

  it("are the only ones that are taken out", () => {
    const part = changedDocuments(STORE, STORE.replace('schedule: "30 4', 'schedule: "30 5'));
    expect(values(part.before)).toMatchObject([{ kind: "CronJob" }]);
    expect(part.offset).toBe(5);
  });

  it("are all of it where one comes, goes or has directives", () => {
    expect(changedDocuments("a: 1\n", "a: 1\n---\nb: 1\n")).toEqual({ offset: 0, before: "a: 1\n", after: "a: 1\n---\nb: 1\n" });
    expect(changedDocuments("%YAML 1.2\n---\na: 1\n---\nb: 1\n", "%YAML 1.2\n---\na: 1\n---\nb: 2\n").offset).toBe(0);
  });
});
