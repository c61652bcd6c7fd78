import { array, assert, constantFrom, property, subarray } from "fast-check";
import { expect, test } from "vitest";
import { apart, hunksBetween, hunksPutBack, putBack } from "../../src/source/edit/hunks.ts";

const text = array(constantFrom("a\n", "b\n", "  c\n", "\tc\n", "d: 1\n", "d: 2\n", "e: 2\n", "  d: 3\n", "\n"), { maxLength: 14 }).map((lines) =>
  lines.join(""),
);

test("all hunks put back give the earlier version, and none the head", () => {
  assert(
    property(text, text, (before, after) => {
      const hunks = hunksBetween("f", before, after);
      expect(putBack(after, hunks)).toBe(before);
      expect(putBack(after, [])).toBe(after);
    }),
  );
});

test("whatever is put back is recognised, and anything else is not", () => {
  const chosen = text.chain((before) => text.chain((after) => subarray(hunksBetween("f", before, after)).map((put) => ({ before, after, put }))));
  assert(
    property(chosen, ({ before, after, put }) => {
      const made = putBack(after, put);
      const hunks = hunksBetween("f", before, after);
      const found = hunksPutBack(hunks, after, made);
      expect(found && putBack(after, found)).toBe(made);
      expect(hunksPutBack(hunks, after, `${made}stray\n`)).toBeUndefined();
    }),
  );
});

test("as many new lines as old ones are told apart, so that one can be put back alone", () => {
  const hunks = hunksBetween("f", "a: 1\nb: 2\n", "a: 3\n b: 2\n");
  expect(hunks).toHaveLength(2);
  expect(putBack("a: 3\n b: 2\n", hunks.slice(1))).toBe("a: 3\nb: 2\n");
});

test("a changed line is told apart from those that came or went beside it", () => {
  const [then, now] = ["size 8m;\n", "size 25m\nheader on;\n"];
  const hunks = hunksBetween("f", then, now);
  expect(hunks.map(({ before, after }) => [before, after])).toEqual([
    [["size 8m;\n"], ["size 25m\n"]],
    [[], ["header on;\n"]],
  ]);
  expect(putBack(now, hunks.slice(0, 1))).toBe("size 8m;\nheader on;\n");
  const renamed = hunksBetween("f", "  pool: general\n", "  example/pool: general\n  grace: 20\n");
  expect(renamed.map(({ before }) => before)).toEqual([["  pool: general\n"], []]);
  expect(hunksBetween("f", "a: 1\n", "b: 2\nc: 3\n")).toHaveLength(1);
});

test("where a block became a line of another kind, a line beside it that sets the same thing is told apart", () => {
  const now = "image.tag: 1.4.1\nreplicas: 3\n";
  const hunks = hunksBetween("f", "image:\n  tag: 1.4.1\nreplicas: 2\n", now);
  expect(putBack(now, hunks.slice(0, 1))).toBe("image:\n  tag: 1.4.1\nreplicas: 3\n");
});

test("a file without a line end, with Windows line ends, or gone, goes back byte by byte", () => {
  const pairs: [string, string | undefined][] = [
    ["a\r\nb", "a\r\nc"],
    ["a", "a\n"],
    ["a\n", undefined],
    ["", "a"],
  ];
  for (const [before, after] of pairs) expect(putBack(after ?? "", hunksBetween("f", before, after))).toBe(before);
});

test("lines that went together at one depth can come back alone, and in their order", () => {
  const [then, now] = ["a: 1\nb: 2\nc: 3\nd: 4\n", "a: 1\nd: 4\n"];
  const lines = hunksBetween("f", then, now).flatMap(apart);
  expect(lines.map(({ before }) => before)).toEqual([["b: 2\n"], ["c: 3\n"]]);
  expect(putBack(now, lines.slice(1))).toBe("a: 1\nc: 3\nd: 4\n");
  expect(putBack(now, lines)).toBe(then);
  expect(hunksPutBack(lines, now, "a: 1\nc: 3\nd: 4\n")).toEqual(lines.slice(1));
  expect(hunksBetween("f", "a:\n  b: 1\nc: 2\n", "").flatMap(apart)).toHaveLength(1);
});

test("a misspelt line is the one that it was, and what came beside it came", () => {
  const [then, now] = ["file_server\n", "fileserver\nencode gzip\n"];
  const [misspelt, ...rest] = hunksBetween("f", then, now);
  expect(misspelt).toMatchObject({ before: ["file_server\n"], after: ["fileserver\n"] });
  expect(putBack(now, [misspelt as NonNullable<typeof misspelt>])).toBe("file_server\nencode gzip\n");
  expect(rest).toHaveLength(1);
});

test("a line that ends a block changed before another block came behind it", () => {
  const then = "traces:\n  from: [otlp]\n  to: [debug]\n";
  const now = "traces:\n  from: [otlp]\n  to: [logging]\nlogs:\n  from: [otlp]\n  to: [debug]\n";
  const [changed, come, ...more] = hunksBetween("f", then, now);
  expect(changed).toMatchObject({ before: ["  to: [debug]\n"], after: ["  to: [logging]\n"] });
  expect(come).toMatchObject({ before: [], after: ["logs:\n", "  from: [otlp]\n", "  to: [debug]\n"] });
  expect(more).toEqual([]);
});

test("an item that came before another one is not that one", () => {
  expect(hunksBetween("f", "- name: b\n  size: 1\n", "- name: a\n  size: 1\n- name: b\n  size: 1\n")).toMatchObject([
    { before: [], after: ["- name: a\n", "  size: 1\n"] },
  ]);
});
