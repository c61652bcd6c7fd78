import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { blamedOfVolume, volumeOf } from "../../src/diagnosis/playbook/volume-file.ts";

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
