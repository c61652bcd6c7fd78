import { expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { mountMeant } from "../../src/source/meant/mount-meant.ts";

const MAP: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "nginx" }, data: { "nginx.conf": "events {}", "mime.types": "" } };
const SPEC: Json = { volumes: [{ name: "conf", configMap: { name: "nginx" } }] };
const meant = (file: string, ...mounts: Json[]) => mountMeant(SPEC, { volumeMounts: mounts }, file, [MAP]);

test("of a ConfigMap that is mounted at the path of one of its files, that file is meant", () => {
  expect(meant("/etc/nginx/nginx.conf", { name: "conf", mountPath: "/etc/nginx/nginx.conf" })).toMatchObject({ field: "subPath", after: "nginx.conf" });
});

test("of a file that is mounted at the path of its folder, the file's path is meant", () => {
  expect(meant("/etc/nginx/nginx.conf", { name: "conf", mountPath: "/etc/nginx", subPath: "nginx.conf" })).toMatchObject({
    field: "mountPath",
    after: "/etc/nginx/nginx.conf",
  });
});

test.each<[string, string, Json]>([
  ["where it has no such file", "/etc/nginx/site.conf", { name: "conf", mountPath: "/etc/nginx/site.conf" }],
  ["where the file is there", "/etc/nginx/nginx.conf", { name: "conf", mountPath: "/etc/nginx/nginx.conf", subPath: "nginx.conf" }],
  ["where the folder is mounted", "/etc/nginx/nginx.conf", { name: "conf", mountPath: "/etc/nginx" }],
  ["of another volume", "/etc/nginx/nginx.conf", { name: "certs", mountPath: "/etc/nginx/nginx.conf" }],
])("nothing is meant %s", (_, file, mount) => expect(meant(file, mount)).toBeUndefined());
