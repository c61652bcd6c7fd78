import { expect, test } from "vitest";
import { misspeltWord } from "../../src/diagnosis/playbook/crash/misspelt-word.ts";
import { apart, hunksBetween } from "../../src/source/edit/hunks.ts";

const GOOD = "proxy_pass http://a;\nproxy_read_timeout 20s;\n";

/** The wanted spelling, where the last line that changed is complained about. */
function right(now: string, complaint: string): string | undefined {
  const hunk = hunksBetween("", GOOD, now).flatMap(apart).at(-1);
  return hunk && misspeltWord(now, hunk, complaint)?.right;
}

test.each<[string, string, string, string | undefined]>([
  ["new and unknown, and there is one like it", `${GOOD}proxy_read_timout 45s;\n`, 'unknown directive "proxy_read_timout"', "proxy_read_timeout"],
  ["new, and nothing is like it", `${GOOD}client_max_size 1m;\n`, 'unknown directive "client_max_size"', undefined],
  ["not what the complaint is about", `${GOOD}proxy_read_timout 45s;\n`, 'unknown directive "gzpi"', undefined],
  ["complained about for its value", `${GOOD}proxy_read_timout 45s;\n`, '"proxy_read_timout" must be positive', undefined],
  ["there twice", `${GOOD}proxy_read_timout 1s;\nproxy_read_timout 45s;\n`, 'unknown directive "proxy_read_timout"', undefined],
  ["in place of the right one", "proxy_pass http://a;\nproxy_read_timout 90s;\n", 'unknown directive "proxy_read_timout"', undefined],
])("a word that is %s", (_, now, complaint, wanted) => {
  expect(right(now, complaint)).toBe(wanted);
});
