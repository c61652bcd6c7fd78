import { describe, expect, test } from "vitest";
import { slipMended } from "../../src/source/meant/text-slips.ts";

const SITE = "server {\n  listen 80;\n  client_max_body_size 25m\n  location / {\n    return 200;\n  }\n}\n";
const OPEN = 'nginx: [emerg] directive "client_max_body_size" is not terminated by ";" in /etc/nginx/conf.d/site.conf:4';

describe("a directive without its semicolon", () => {
  test.each([
    OPEN,
    'nginx: [emerg] invalid number of arguments in "client_max_body_size" directive in /etc/nginx/conf.d/site.conf:4',
    'nginx: [emerg] unexpected end of file, expecting ";" or "}" in /etc/nginx/conf.d/site.conf:4',
  ])("gets it: %s", (said) => expect(slipMended(SITE, "site.conf", said)).toBe(SITE.replace("25m", "25m;")));

  test.each<[string, string, string, string]>([
    ["where the program speaks of another file", SITE, "site.conf", OPEN.replace("site.conf", "other.conf")],
    ["of another directive", SITE, "site.conf", OPEN.replace("client_max_body_size", "listen")],
    ["where two run on", SITE.replace("80;", "80"), "site.conf", OPEN],
    ["where it goes on in the next line", SITE.replace("25m\n", '25m\n    "x";\n'), "site.conf", OPEN],
    ["for a complaint of another kind", SITE, "site.conf", "host not found in upstream in /etc/nginx/conf.d/site.conf:4"],
  ])("and not %s", (_, text, name, said) => expect(slipMended(text, name, said)).toBeUndefined());
});

describe("a comma behind the last entry", () => {
  const said = "SyntaxError: Expected double-quoted property name in JSON at position 68";
  test("goes", () => expect(slipMended('{"a": [1, 2], "b": 3,\n}', "limits.json", said)).toBe('{"a": [1, 2], "b": 3\n}'));

  test.each<[string, string, string]>([
    ["where there are two", '{"a": [1, 2,], "b": 3,\n}', "limits.json"],
    ["where more is wrong", '{"a": 1 "b": 3,\n}', "limits.json"],
    ["of a file that can be read", '{"a": 1}', "limits.json"],
    ["of another kind of file", "{a: 1,}", "limits.js"],
  ])("and not %s", (_, text, name) => expect(slipMended(text, name, said)).toBeUndefined());
});
