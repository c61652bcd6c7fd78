import { describe, expect, test } from "vitest";
import { keyWithin } from "../../src/source/meant/key-within.ts";

const TEXT = "server {\n    listen 80;\n}\ngzip.conf: |\n  gzip on;\n";
const COMPLAINT = `nginx: [emerg] unknown directive "gzip.conf:" in /etc/nginx/conf.d/default.conf:4`;

describe("a file that is indented into the text of the one before it", () => {
  test("is told apart from it", () => {
    expect(keyWithin(TEXT, COMPLAINT)).toEqual({ key: "gzip.conf", value: "gzip on;\n", rest: "server {\n    listen 80;\n}\n" });
  });

  test.each([
    ["nobody complains about", TEXT, `nginx: [emerg] unknown directive "gizp" in /etc/nginx/conf.d/default.conf:4`],
    ["is all of the text", "gzip.conf: |\n  gzip on;\n", COMPLAINT],
    ["stands beside another one", `${TEXT}more.conf: |\n  a on;\n`, COMPLAINT],
    ["is folded", TEXT.replace("|", ">"), COMPLAINT],
    ["has nothing below it", "server {}\ngzip.conf: |\n", COMPLAINT],
    ["is a key of a file of YAML", "server: {}\nlogging: |\n  level\n", `unknown key "logging"`],
  ])("is left where it %s", (_, text, complaint) => expect(keyWithin(text, complaint)).toBeUndefined());
});
