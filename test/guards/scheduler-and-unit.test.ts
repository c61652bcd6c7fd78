import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (name: string, { limit = "64Mi", scheduler = "" } = {}) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, resources: {limits: {memory: ${limit}}}}]\n${scheduler === "" ? "" : `      schedulerName: ${scheduler}\n`}`;

interface Change {
  failureClass: Parameters<typeof proposal>[1]["failureClass"];
  said: string;
  good?: string[];
  now: string[];
  fixed: string;
}

/** The rules that refuse `fixed` in place of the first of what is there now. */
function judged({ failureClass, said, now, good = now, fixed }: Change): string[] {
  const files = (texts: readonly string[]) => Object.fromEntries(texts.map((text, i) => [`${i}.yaml`, text]));
  const world = situation({
    files: files(now),
    good: files(good),
    namespace: "shop",
    target: { kind: "Deployment", name: /name: (\w+),/.exec(now[0] ?? "")?.[1] ?? "" },
    items: [item("event", said)],
  });
  return rules(judge(world, proposal(world, { failureClass, yaml: fixed, quote: said })));
}

describe("memory in thousandths of a byte", () => {
  const memory = (was: string, is: string) =>
    judged({ failureClass: "out-of-memory", said: "no space left on device", now: [workload("web", { limit: was })], fixed: workload("web", { limit: is }) });

  test("gets the unit that was meant", () => expect(memory("128m", "128Mi")).toEqual([]));

  test.each([
    ["and no other number", "128m", "256Mi"],
    ["not above the operator's bound", "512000m", "512000Mi"],
    ["no other unit grows so", "128Ki", "128Mi"],
  ])("%s", (_, was, is) => expect(memory(was, is)).not.toEqual([]));
});

describe("a scheduler", () => {
  const scheduled = (was: string, is: string, then = was) =>
    judged({
      failureClass: "unschedulable-placement",
      said: "No scheduler has looked at this pod",
      good: [workload("web", { scheduler: then })],
      now: [workload("web", { scheduler: was })],
      fixed: workload("web", { scheduler: is }),
    });

  test("is the one of before", () => expect(scheduled("spreader", "packer", "packer")).toEqual([]));
  test("is the cluster's own where that is misspelt", () => expect(scheduled("default-schedular", "default-scheduler")).toEqual([]));
  test("is no other one", () => expect(scheduled("spreader", "packer")).not.toEqual([]));
  test("is not the cluster's own where another is asked for", () => expect(scheduled("spreader", "default-scheduler")).not.toEqual([]));
});

describe("a limit that no node has room for", () => {
  const limited = (was: string, is: string, { had = was, requests = "" } = {}) => {
    const asking = (limit: string) => workload("web", { limit }).replace("resources: {", `resources: {${requests}`);
    const said = "0/3 nodes are available: 3 Insufficient memory";
    return judged({ failureClass: "unschedulable-resources", said, good: [asking(had)], now: [asking(was)], fixed: asking(is) });
  };
  const requests = "requests: {memory: 96Gi}, ";

  test("is the one of before", () => expect(limited("96Gi", "128Mi", { had: "128Mi" })).toEqual([]));
  test("is lower where it is the request as well", () => expect(limited("96Gi", "96Mi")).toEqual([]));
  test("is no other one where the request is said", () => expect(limited("96Gi", "97Gi", { requests })).not.toEqual([]));
  test("never rises", () => expect(limited("96Mi", "96Gi")).not.toEqual([]));
});

describe("a workload with a new name", () => {
  const renamed = (...others: string[]) =>
    judged({
      failureClass: "unschedulable-placement",
      said: "No scheduler has looked at this pod",
      good: [workload("web", { scheduler: "packer" })],
      now: [workload("shop", { scheduler: "spreader" }), ...others],
      fixed: workload("shop", { scheduler: "packer" }),
    });

  test("knows what it was", () => expect(renamed()).toEqual([]));
  test("does not where another one came too", () => expect(renamed(workload("other"))).not.toEqual([]));
});

describe("the Secret of a variable", () => {
  const asking = (secret: string) =>
    workload("web").replace("image: acme/web:1, ", `image: acme/web:1, env: [{name: TOKEN, valueFrom: {secretKeyRef: {name: ${secret}, key: token}}}], `);
  const made = (key: string) =>
    `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: web-secret, namespace: shop}\nspec: {encryptedData: {${key}: AgB}}\n`;
  const corrected = (key: string) =>
    judged({ failureClass: "secret-missing", said: 'secret "web-secrets" not found', now: [asking("web-secrets"), made(key)], fixed: asking("web-secret") });

  test("is one that has its key", () => expect(corrected("token")).toEqual([]));
  test("is none without it", () => expect(corrected("password")).not.toEqual([]));
});
