import { expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { refusal } from "../../src/diagnosis/playbook/apply/refusal.ts";
import { blamedChanges } from "../../src/diagnosis/playbook/apply/refused-changes.ts";
import { diffFields, formatPath } from "../../src/source/edit/field-path.ts";
import { setIn } from "../../src/source/edit/set-in.ts";

const ingress = (path: object): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: "shop", namespace: "prod" },
  spec: { rules: [{ host: "shop.example", http: { paths: [{ ...path, backend: { service: { name: "shop", port: { name: "http" } } } }] } }] },
});

test("of a path that moved and lost its type only the type is to blame", () => {
  const [then, now] = [ingress({ path: "/", pathType: "Prefix" }), ingress({ path: "/api" })];
  const words = 'Ingress.networking.k8s.io "shop" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified';
  const refused = refusal(words);
  const blamed = refused && blamedChanges(diffFields(then, now), now, refused);
  expect(blamed?.map(({ path }) => formatPath(path))).toEqual(["spec.rules[0].http.paths[0].pathType"]);
});

test("a mount gets another volume's name, by which it is told apart", () => {
  const path = ["mounts", { key: "name", value: "cach" }, "name"];
  expect(setIn({ mounts: [{ name: "cach", mountPath: "/cache" }] }, path, "cache")).toEqual({ mounts: [{ name: "cache", mountPath: "/cache" }] });
});
