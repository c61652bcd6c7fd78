import { expect, test } from "vitest";
import { plainPair } from "../../src/source/meant/plain-pair.ts";

test.each<[value: string, plain: string | undefined]>([
  ['"-Xmx64m -XX:+UseG1GC"', "-Xmx64m -XX:+UseG1GC"],
  ["'eu-west-1'", "eu-west-1"],
  ["20  # per pod", "20"],
  ['"20" # per pod', "20"],
  ["20", undefined],
  ["#20", undefined],
  ["a#b", undefined],
  ['""', undefined],
  ['say "hi"', undefined],
  ['"a" or "b"', undefined],
  ["two\nlines # here", undefined],
])("%j is meant as %j", (value, plain) => expect(plainPair(value)).toBe(plain));
