import { expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { renamedAccount } from "../../src/source/meant/renamed.ts";

const account = (name: string, annotations: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name, namespace: "shop", annotations },
});
const binding = (role: string, subject: string): KubeObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: role, namespace: "shop" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role },
  subjects: [{ kind: "ServiceAccount", name: subject, namespace: "shop" }],
});
const called = (then: KubeObject[], now: KubeObject[], name: string) => renamedAccount(then, now, "shop", name)?.to.metadata.name;

test("an account under another name", () => {
  expect(called([account("runner")], [account("worker")], "runner")).toBe("worker");
  expect(called([account("runner", { role: "a" })], [account("worker", { role: "b" })], "runner")).toBeUndefined();
});

test("accounts that were made one, as long as all were the same", () => {
  expect(called([account("ingest"), account("ingest-api")], [account("team-data")], "ingest")).toBe("team-data");
  expect(called([account("ingest"), account("ingest-api", { role: "a" })], [account("team-data")], "ingest")).toBeUndefined();
  expect(called([account("ingest"), account("ingest-api")], [account("team-data")], "other")).toBeUndefined();
});

test("but not to more rights than the old one had", () => {
  const [then, now] = [
    [account("ingest"), account("ingest-api"), binding("read", "ingest-api")],
    [account("team-data"), binding("read", "team-data")],
  ];
  expect(called(then, now, "ingest")).toBeUndefined();
  expect(called(then, now, "ingest-api")).toBe("team-data");
});
