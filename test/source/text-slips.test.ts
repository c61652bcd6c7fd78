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

describe("a line that changed in a file that could be read until then", () => {
  const json = '{\n  "level": "info",\n  "format": "json"\n}\n';
  const yaml = "cache:\n  type: memory\n  ttl: 60s\n";
  const said = "cannot parse: invalid character in JSON or yaml: line 2: did not find expected key";

  test.each<[string, string, string, string, string]>([
    ["gets its comma", "log.json", json, json.replace('"info",', '"debug"'), json.replace("info", "debug")],
    ["gets the quotes that JSON knows", "log.json", json, json.replace('"level": "info"', "'level': 'debug'"), json.replace("info", "debug")],
    ["gets its quotation mark", "log.json", json, json.replace('"info",', '"debug,'), json.replace('"info",', '"debug,",')],
    ["gets its bracket", "log.json", '{"a": "b"}', '{"a": "c"', '{"a": "c"}'],
    ["stands as deep as before", "app.yaml", yaml, yaml.replace("  type: memory", "   type: redis"), yaml.replace("memory", "redis")],
  ])("%s, and says what it says", (_, name, then, text, right) => expect(slipMended(text, name, said, then)).toBe(right));

  test.each<[string, string, string, string, string]>([
    ["where two lines have a slip", "log.json", json, json.replace('"info",', '"debug"').replace('"json"', "'json'"), said],
    ["where it could not be read before", "log.json", json.replace("{", ""), json.replace('"info",', '"debug"').replace("{", ""), said],
    ["where it can be read", "log.json", json, json.replace("info", "debug"), said],
    ["where the program speaks of something else", "log.json", json, json.replace('"info",', '"debug"'), "connection refused"],
    ["where a line came in another's place", "app.yaml", yaml, yaml.replace("  type: memory", "   kind: redis"), said],
    ["in a file of another kind", "app.toml", yaml, yaml.replace("  type: memory", "   type: redis"), said],
  ])("is left alone %s", (_, name, then, text, complaint) => expect(slipMended(text, name, complaint, then)).toBeUndefined());
});
