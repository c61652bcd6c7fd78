import { describe, expect, test } from "vitest";
import { withoutDoubledKey } from "../../src/source/slips/doubled-key.ts";

const TWICE = "env:\n  URL: a\n  SIZE: 24\n  LIST:\n    - x\n\nimage: b\n\n# for winter\nenv:\n  SIZE: 48\n  BANNER: c\n";

describe("a mapping that stands twice in a file of values", () => {
  test("becomes one, in which the last one wins", () => {
    expect(withoutDoubledKey(TWICE)).toBe("image: b\n\n# for winter\nenv:\n  URL: a\n  LIST:\n    - x\n  SIZE: 48\n  BANNER: c\n");
  });

  test.each([
    ["once", "env:\n  URL: a\nimage: b\n"],
    ["three times", `${TWICE}env:\n  MORE: d\n`],
    ["beside another one that does", `${TWICE}web:\n  a: 1\nweb:\n  b: 2\n`],
    ["as a list", "env:\n  - a\nimage: b\nenv:\n  - c\n"],
    ["with one of its keys twice as well", "env:\n  URL: a\n  URL: b\nimage: b\nenv:\n  SIZE: 48\n"],
    ["on one line", "env: {URL: a}\nenv: {SIZE: 48}\n"],
  ])("stays where it stands %s", (_, text) => expect(withoutDoubledKey(text)).toBeUndefined());
});

describe("a mapping that stands twice in another one", () => {
  test("becomes one there", () => {
    const text = "web:\n  env:\n    URL: a\n  size: 2\n  env:\n    TZ: b\njob:\n  env:\n    URL: c\n";
    expect(withoutDoubledKey(text)).toBe("web:\n  size: 2\n  env:\n    URL: a\n    TZ: b\njob:\n  env:\n    URL: c\n");
  });

  test.each([
    ["in two others", "web:\n  env:\n    URL: a\njob:\n  env:\n    URL: c\n"],
    ["in two items of a list", "all:\n  - name: a\n    env:\n      URL: a\n  - name: b\n    env:\n      URL: c\n"],
    ["in what is text", "file: |\n  env:\n    URL: a\n  env:\n    TZ: b\nsize: 2\n"],
    ["in another depth", "web:\n  env:\n    URL: a\n  env:\n      TZ: b\n"],
  ])("and not %s", (_, text) => expect(withoutDoubledKey(text)).toBeUndefined());
});
