import { expect, test } from "vitest";
import { allowedWord, wordsAllowedBy } from "../../src/source/meant/allowed-words.ts";

test.each([
  ['invalid LOG_LEVEL "verbos": must be one of debug, info, warn, error', ["debug", "info", "warn", "error"]],
  ["Invalid option: MODE=prod. Allowed values are: 'development', 'production'", ["development", "production"]],
  ["value 'x' not valid for engine (choose from 'redis', 'memory')", ["redis", "memory"]],
  ["unknown storage driver, expected one of [s3 gcs file] but got s4", ["s3", "gcs", "file"]],
  ["one of the workers ended", []],
  ["cannot open /etc/shop.conf", []],
  ["getaddrinfo: Name or service not known (redis://cache:6379/0)", []],
])("%s", (complaint, words) => {
  expect(wordsAllowedBy(complaint)).toEqual(words);
});

const isAlmost = (wrong: string, right: string) => wrong.slice(0, -1) === right.slice(0, -1);

test.each([
  ["must be one of debug, info, warn", "warning", "warn"],
  ["must be one of debug, info, warn", "INFO", "info"],
  ["must be one of debug, info, warn", "infa", "info"],
  ["must be one of debug, info, warn", "info", undefined],
  ["must be one of debug, info, warn", "loud", undefined],
  ["must be one of production, produce", "prod", undefined],
  ["must be one of db-internal-elsewhere, x", "db.internal", undefined],
  ["scheme must be one of redis, rediss", "redis://cache:6379", undefined],
  ['strconv.ParseBool: parsing "yes": invalid syntax', "yes", "true"],
  ["FEATURE must be a boolean, got off", "off", "false"],
  ["FEATURE must be a boolean, got maybe", "maybe", undefined],
])("%s: %s was meant as %s", (complaint, value, meant) => {
  expect(allowedWord(complaint, value, isAlmost)).toBe(meant);
});
