import { expect, test } from "vitest";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

/** In shop-67 a volume moved from /etc/shop to /etc/badges. `line` is what the program says instead. */
async function classAfter(line: string): Promise<string | undefined> {
  const recording = loadRecording("shop-67");
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-23T00:24:55.000000000Z ${line}\n`]));
  const input = await caseOf({ ...recording, logs });
  return input && consultPlaybook(input)[0]?.finding.failureClass;
}

test.each([
  ["cannot read configuration: open /etc/shop/app.conf: no such file or directory", "volume-mount"],
  ["Error: ENOENT: no such file or directory, open '/etc/shop/nested/app.conf'", "volume-mount"],
  // Another folder, the new folder, or a file that is there: the mount is not to blame.
  ["open /etc/shop2/app.conf: no such file or directory", "crash-on-start"],
  ["open /etc/badges/app.conf: no such file or directory", "crash-on-start"],
  ["loaded /etc/shop/app.conf, then panic", "crash-on-start"],
])("%s → %s", async (line, failureClass) => {
  expect(await classAfter(line)).toBe(failureClass);
});
