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

/** What goes back of another commit to shop-67, by the names of the fields; what is done instead. */
async function putBack(edit: (manifest: string) => string, says: string): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const file = "deploy/deployment.yaml";
  const after = { ...recording.before, [file]: edit(recording.before[file] ?? "") };
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-23T00:24:55.000000000Z ${says}\n`]));
  const input = await caseOf({ ...recording, after, logs });
  const action = (input && consultPlaybook(input)[0]?.finding)?.action;
  return action?.kind === "fix" ? action.changes.map(({ path, after }) => `${String(path.at(-1))} ${JSON.stringify(after)}`) : action?.kind;
}

const MOUNTS = "          volumeMounts:\n            - name: conf\n              mountPath: /etc/shop\n";
const VOLUMES = "      volumes:\n        - name: conf\n          configMap:\n            name: badges-conf\n";

test("a mount comes back with the volume that went with it, and the rest of the commit stays", async () => {
  const edit = (manifest: string) => manifest.replace(MOUNTS, "").replace(VOLUMES, "").replace("failureThreshold: 2", "failureThreshold: 4");
  expect(await putBack(edit, "open /etc/shop/app.conf: no such file or directory")).toEqual([
    'volumes [{"name":"conf","configMap":{"name":"badges-conf"}}]',
    'volumeMounts [{"name":"conf","mountPath":"/etc/shop"}]',
  ]);
});

test("a file's old place does not come back alone where its volume is mounted elsewhere now", async () => {
  const edit = (manifest: string) => manifest.replace("mountPath: /etc/shop", "mountPath: /config").replace("/etc/shop/app.conf", "/config/apps.conf");
  expect(await putBack(edit, "open /config/apps.conf: no such file or directory")).not.toContainEqual(expect.stringContaining("/etc/shop/app.conf"));
});
