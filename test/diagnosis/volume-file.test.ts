import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { blamedOfVolume, volumeOf } from "../../src/diagnosis/playbook/files/volume-file.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const mount = (name: string, mountPath: string) => ({ name, mountPath });
const container = { value: { name: "web", volumeMounts: [mount("etc", "/etc/shop"), mount("certs", "/etc/shop/certs/"), mount("tmp", "/tmp")] } };

test.each([
  ["/etc/shop/app.conf", "etc"],
  ["/etc/shop/certs/tls.pem", "certs"],
  ["/etc/shopping/list", undefined],
  ["/usr/bin/shop", undefined],
])("the volume of %s is %s", (file, name) => {
  expect(volumeOf(container, file)).toBe(name);
});

function pod(configMap: JsonObject): KubeObject {
  const volumes = [{ name: "etc", configMap: { name: "shop", ...configMap } }];
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template: { spec: { volumes } } } };
}

const good = pod({ defaultMode: 0o555, items: [{ key: "a", path: "a" }] });

test.each<[string, KubeObject, string, string[]]>([
  [
    "who may run its files is blamed where that is denied",
    pod({ items: [{ key: "a", path: "a" }] }),
    'exec: "/etc/shop/run": permission denied',
    ["defaultMode"],
  ],
  ["and not where a file is missing", pod({ items: [{ key: "a", path: "a" }] }), "open /etc/shop/a: no such file or directory", []],
  ["which files it has is blamed where one is missing", pod({ defaultMode: 0o555 }), "open /etc/shop/a: no such file or directory", ["items"]],
  ["nothing is blamed for another complaint", pod({}), "connection refused", []],
])("%s", (_, now, message, fields) => {
  const blamed = blamedOfVolume({ past: { object: good, from: "revision", words: "" }, now }, "etc", message);
  expect(blamed.map(({ path }) => path.at(-1))).toEqual(fields);
});

/** shop-67 with another commit: its mount stays where it was, and changes otherwise. `line` is what the program says then. */
async function findingAfter(mount: string, line: string): Promise<unknown> {
  const recording = loadRecording("shop-67");
  const file = "deploy/deployment.yaml";
  const after = { ...recording.after, [file]: (recording.before[file] ?? "").replace("mountPath: /etc/shop", `mountPath: /etc/shop${mount}`) };
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, `2026-11-23T00:24:55.000000000Z level=ERROR ${line}\n`]));
  const input = await caseOf({ ...recording, after, logs });
  const finding = input && consultPlaybook(input)[0]?.finding;
  return finding?.action.kind === "fix" ? finding.action.words : finding?.action.kind;
}

test("a mount that is read only since the commit may be written again", async () => {
  expect(await findingAfter("\n              readOnly: true", 'error="open /etc/shop/state: read-only file system"')).toEqual([
    expect.stringMatching(/^Remove containers\[name=badges\]\.volumeMounts\[.+\]\.readOnly of Deployment shop-67\/badges \(true\), as at/),
  ]);
});

test("and not where the program writes somewhere else", async () => {
  expect(await findingAfter("\n              readOnly: true", 'error="open /var/lib/state: read-only file system"')).toBe("escalate");
});
