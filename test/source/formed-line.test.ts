import { describe, expect, test } from "vitest";
import { formedLine, isFormedText } from "../../src/source/meant/formed-line.ts";

const meant = (before: string, after: string, complaint: string) => formedLine({ before: [before], after: [after] }, complaint);

describe("a line whose new value was wanted gets the form that it had", () => {
  test.each([
    ["no blank within a value", "maxmemory 400mb\n", "maxmemory 800m b\n", ">>> 'maxmemory \"800m b\"'", "maxmemory 800mb\n"],
    ["its depth", "  size: 500\n", "\tsize: 1000\n", "yaml: line 5: found character that cannot start any token", "  size: 1000\n"],
    ["the key that the program knows", "  flush: 2s\n", "  flush_interval: 5s\n", 'unknown key "batch.flush_interval"', "  flush: 5s\n"],
  ])("%s", (_, before, after, complaint, line) => expect(meant(before, after, complaint)).toBe(line));

  test.each([
    ["another unit was written", "timeout: 5s\n", "timeout: 15m\n", 'time: invalid duration "15m"'],
    ["it has no unit: which was meant, nobody can tell", "timeout: 5s\n", "timeout: 15\n", 'time: missing unit in duration "15"'],
    ["the complaint is about another value", "maxmemory 400mb\n", "maxmemory 800m b\n", 'missing unit in duration "30"'],
    ["there are several numbers", "range: 5s-6s\n", "range: 15-16\n", 'missing unit in duration "15-16"'],
    ["the complaint does not name the key", "flush: 2s\n", "flush_interval: 5s\n", 'unknown key "batch.size"'],
    ["the value has another form", "flush: 2s\n", "flush_interval: fast\n", 'unknown key "flush_interval"'],
    ["only the depth changed", "  size: 500\n", "\tsize: 500\n", "yaml: line 5"],
    ["it is another key", "  size: 500\n", "    count: 500\n", "unexpected count"],
  ])("and none where %s", (_, before, after, complaint) => expect(meant(before, after, complaint)).toBeUndefined());
});

describe("a text of such lines", () => {
  const then = "sink:\n  kind: elastic\n  batch: 500\nzone: a\n";
  const today = "sink:\nkind: elastic\nbatch: 1000\nzone: a\n";
  const isMeant = (text: string) => isFormedText(then, today, text, 'unknown key "kind"');

  test("stands as deep as before", () => expect(isMeant("sink:\n  kind: elastic\n  batch: 1000\nzone: a\n")).toBe(true));

  test.each([
    ["with another value", "sink:\n  kind: elastic\n  batch: 2000\nzone: a\n"],
    ["with a line more", "sink:\n  kind: elastic\n  batch: 1000\nzone: a\nx: y\n"],
    ["with another line changed", "sink:\n  kind: elastic\n  batch: 1000\nzone: c\n"],
    ["as it is", today],
  ])("and is none %s", (_, text) => expect(isMeant(text)).toBe(false));
});
