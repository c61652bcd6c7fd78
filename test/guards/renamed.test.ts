import { describe, expect, test } from "vitest";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const object = (kind: string, name: string, rest: string, apiVersion = "v1") =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\n${rest}\n`;
const pods = (spec: string) =>
  object(
    "Deployment",
    "basket",
    `spec:\n  selector: {matchLabels: {app: basket}}\n  template:\n    metadata: {labels: {app: basket}}\n    spec: {containers: [{name: main, image: acme/web:1}], ${spec}}`,
    "apps/v1",
  );
const account = (name: string) => object("ServiceAccount", name, "");
const binding = (name: string, subject: string, role: string) =>
  object(
    "RoleBinding",
    name,
    `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: ${role}}\nsubjects: [{kind: ServiceAccount, name: ${subject}}]`,
    "rbac.authorization.k8s.io/v1",
  );
const claim = (name: string, size: string) =>
  object("PersistentVolumeClaim", name, `spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${size}}}}`);
const map = (name: string, data: Record<string, string>) => object("ConfigMap", name, `data: ${JSON.stringify(data)}`);
const secret = (name: string, key: string, type = "Opaque") => object("Secret", name, `type: ${type}\nstringData: {${key}: only for tests}`);

interface Case {
  failureClass: Proposal["failureClass"];
  spec(name: string): string;
  was: string[];
  is: string[];
}

/** A reference to `tea` is led to `coffee`. */
function judged({ failureClass, spec, was, is }: Case): string[] {
  const files = (objects: string[]) => Object.fromEntries([["basket.yaml", pods(spec("tea"))], ...objects.map((text, i) => [`${i}.yaml`, text])]);
  const said = 'serviceaccount "tea" not found; persistentvolumeclaim "tea" not found; configmap "tea" not found; secret "tea" not found';
  const world = situation({ files: files(is), good: files(was), namespace: "shop", target: { kind: "Deployment" }, items: [item("event", said)] });
  return rules(judge(world, proposal(world, { failureClass, yaml: pods(spec("coffee")), quote: "not found" })));
}

const ACCOUNT = { failureClass: "service-account-missing" as const, spec: (name: string) => `serviceAccountName: ${name}` };
const CLAIM = { failureClass: "volume-unbound" as const, spec: (name: string) => `volumes: [{name: data, persistentVolumeClaim: {claimName: ${name}}}]` };
const MAP = { failureClass: "config-missing" as const, spec: (name: string) => `volumes: [{name: data, configMap: {name: ${name}}}]` };
const SECRET = { failureClass: "secret-missing" as const, spec: (name: string) => `volumes: [{name: data, secret: {secretName: ${name}}}]` };

describe("a reference may follow what was renamed", () => {
  test.each<[string, Case]>([
    ["a ServiceAccount", { ...ACCOUNT, was: [account("tea")], is: [account("coffee")] }],
    [
      "a ServiceAccount with the same role",
      { ...ACCOUNT, was: [account("tea"), binding("a", "tea", "brew")], is: [account("coffee"), binding("a", "coffee", "brew")] },
    ],
    ["a claim", { ...CLAIM, was: [claim("tea", "1Gi")], is: [claim("coffee", "1Gi")] }],
    ["a Secret", { ...SECRET, was: [secret("tea", "leaf")], is: [secret("coffee", "leaf")] }],
    ["a ConfigMap with other values", { ...MAP, was: [map("tea", { words: "a" })], is: [map("coffee", { words: "b" })] }],
  ])("%s", (_, one) => expect(judged(one)).toEqual([]));
});

describe("it may not follow", () => {
  test.each<[string, Case]>([
    [
      "an account with another role",
      { ...ACCOUNT, was: [account("tea"), binding("a", "tea", "brew")], is: [account("coffee"), binding("a", "coffee", "all")] },
    ],
    ["an account with rights in a cloud", { ...ACCOUNT, was: [account("tea")], is: [account("coffee").replace("{name", "{annotations: {role: all}, name")] }],
    ["one of two accounts", { ...ACCOUNT, was: [account("tea")], is: [account("coffee"), account("milk")] }],
    ["an account that was there before", { ...ACCOUNT, was: [account("tea"), account("coffee")], is: [account("coffee")] }],
    ["a smaller claim", { ...CLAIM, was: [claim("tea", "2Gi")], is: [claim("coffee", "1Gi")] }],
    ["a ConfigMap of other things", { ...MAP, was: [map("tea", { words: "a" })], is: [map("coffee", { colours: "b" })] }],
    ["a Secret without its key", { ...SECRET, was: [secret("tea", "leaf")], is: [secret("coffee", "bean")] }],
    ["a Secret of another type", { ...SECRET, was: [secret("tea", "leaf")], is: [secret("coffee", "leaf", "kubernetes.io/tls")] }],
    ["one of two Secrets", { ...SECRET, was: [secret("tea", "leaf")], is: [secret("coffee", "leaf"), secret("milk", "leaf")] }],
    ["one of two ConfigMaps", { ...MAP, was: [map("tea", { words: "a" })], is: [map("coffee", { words: "b" }), map("milk", { words: "c" })] }],
  ])("%s", (_, one) => expect(judged(one)).toEqual(expect.arrayContaining(["plausible/reference-far"])));
});
