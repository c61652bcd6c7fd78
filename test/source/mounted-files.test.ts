import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { fileMeant, misplacedMount, mountedFolders, mountMissing, volumeNotToRun } from "../../src/source/meant/mounted-files.ts";

const MAP: KubeObject = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "pages" }, data: { "index.html": "" } };

/** Pods with the ConfigMap as a volume, mounted or not. */
function pods(mounts: JsonObject[]) {
  const container = { name: "web", volumeMounts: mounts };
  const volumes: JsonObject[] = [
    { name: "pages", configMap: { name: "pages" } },
    { name: "www", emptyDir: {} },
  ];
  const spec: JsonObject = { containers: [container], volumes };
  const object: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: { template: { spec } } };
  return { object, spec, container };
}

test("a volume that nobody mounts is missed where its file is looked for", () => {
  const missing = (mounts: JsonObject[], file: string) => {
    const { container, ...rest } = pods(mounts);
    return mountMissing(rest, container, file, [MAP]);
  };
  expect(missing([], "/srv/pages/index.html")).toEqual({ name: "pages", mountPath: "/srv/pages" });
  expect(missing([], "/srv/pages/other.html")).toBeUndefined();
  expect(missing([{ name: "www", mountPath: "/srv" }], "/srv/pages/index.html")).toBeUndefined();
  expect(missing([{ name: "pages", mountPath: "/elsewhere" }], "/srv/pages/index.html")).toBeUndefined();
});

test("one that is mounted almost there is misplaced", () => {
  const isAlmost = (wrong: string, right: string) => right.startsWith(wrong);
  const misplaced = (mounts: JsonObject[], file: string) => {
    const { container, spec } = pods(mounts);
    return misplacedMount({ spec }, container, file, { objects: [MAP], isAlmost });
  };
  const mount = { name: "pages", mountPath: "/srv/pages" };
  expect(misplaced([mount], "/srv/page/index.html")).toEqual({ ...mount, folder: "/srv/page" });
  expect(misplaced([mount], "/srv/pages/index.html")).toBeUndefined();
  expect(misplaced([mount], "/opt/page/index.html")).toBeUndefined();
  expect(misplaced([mount], "/srv/page/other.html")).toBeUndefined();
  expect(misplaced([{ ...mount, subPath: "index.html" }], "/srv/page/index.html")).toBeUndefined();
});

test("a file under another name is known by what it says", () => {
  const { container, spec } = pods([{ name: "pages", mountPath: "/srv" }]);
  const map = (data: Record<string, string>): KubeObject => ({ ...MAP, data });
  const meant = (then: Record<string, string>, now: Record<string, string>) =>
    fileMeant("/srv/alive.sh", mountedFolders(spec, container, [map(now)], [map(then)]));
  const script = "# asks once\n[ -e /tmp/beat ]\n";
  expect(meant({ "alive.sh": script, "run.sh": "run" }, { "check.sh": script, "run.sh": "run" })).toBe("/srv/check.sh");
  expect(meant({ "alive.sh": script, "run.sh": "run" }, { "check.sh": "other", "run.sh": "run" })).toBeUndefined();
});

test("a script of a ConfigMap may not be run where its files have no mode that says so", () => {
  const map: KubeObject = { ...MAP, data: { "seed.sh": "#!/bin/sh\necho seeded\n", "index.html": "" } };
  const container = { name: "web", volumeMounts: [{ name: "pages", mountPath: "/scripts" }] };
  const volume = (program: string, source: JsonObject = {}) =>
    volumeNotToRun({ volumes: [{ name: "pages", configMap: { name: "pages", ...source } }] }, container, program, [map]);
  expect(volume("/scripts/seed.sh")).toBe("pages");
  expect(volume("/scripts/run", { items: [{ key: "seed.sh", path: "run" }] })).toBe("pages");
  expect(volume("/scripts/seed.sh", { defaultMode: 0o555 })).toBeUndefined();
  expect(volume("/scripts/run", { items: [{ key: "seed.sh", path: "run", mode: 0o444 }] })).toBeUndefined();
  expect(volume("/scripts/index.html")).toBeUndefined();
  expect(volume("/bin/seed.sh")).toBeUndefined();
});

test("a file that is looked for where nothing is mounted is the only one of its name elsewhere", () => {
  const folder = (path: string, ...files: string[]) => ({ folder: path, files, renamed: new Map<string, string>() });
  expect(fileMeant("/etc/shop/app.conf", [folder("/etc/cart", "app.conf"), folder("/tmp")])).toBe("/etc/cart/app.conf");
  expect(fileMeant("/etc/shop/app.conf", [folder("/etc/cart", "app.conf"), folder("/etc/stock", "app.conf")])).toBeUndefined();
  expect(fileMeant("/etc/shop/app.conf", [folder("/etc/cart", "app.conf"), folder("/etc/shop")])).toBeUndefined();
});
