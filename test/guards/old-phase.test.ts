import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const job = (annotations: string) => `apiVersion: batch/v1
kind: Job
metadata:
  name: schema
  namespace: shop
  annotations: {${annotations}}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: schema
          image: acme/schema:22
          envFrom: [{configMapRef: {name: shop-env}}]
          resources: {limits: {memory: 64Mi}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-env, namespace: shop}
data: {A: b}
`;

const SAID = 'Error: configmap "shop-env" not found';
const hook = (phase: string) => `argocd.argoproj.io/hook: ${phase}`;

/** The rules that refuse `fixed` in place of a hook that runs before the sync, where `good` worked. */
function judged(
  fixed: string,
  { good = hook("Sync"), now = hook("PreSync"), failureClass = "config-missing" as "config-missing" | "job-failed" } = {},
): string[] {
  const world = situation({
    files: { "schema.yaml": job(now) },
    good: { "schema.yaml": job(good) },
    namespace: "shop",
    target: { kind: "Job", name: "schema" },
    items: [item("event", SAID)],
  });
  const [first = ""] = job(fixed).split("---\n");
  return rules(judge(world, proposal(world, { failureClass, container: "schema", yaml: first, quote: SAID })));
}

describe("a hook that misses a ConfigMap of its own sync", () => {
  test("gets the phase back that it had", () => expect(judged(hook("Sync"))).toEqual([]));
  test("and the wave", () => {
    const wave = (n: number) => `${hook("Sync")}, argocd.argoproj.io/sync-wave: "${n}"`;
    expect(judged(wave(1), { good: wave(1), now: wave(-1) })).toEqual([]);
  });

  test.each<[string, string, Parameters<typeof judged>[1]]>([
    ["another phase", hook("PostSync"), {}],
    ["none at all", "", {}],
    ["what nobody said before", hook("Sync"), { good: "team: a" }],
    ["another order to the tool", `${hook("PreSync")}, argocd.argoproj.io/sync-options: Replace=true`, {}],
    ["it where something else fails", hook("Sync"), { failureClass: "job-failed" }],
  ])("but not %s", (_, fixed, given) => expect(judged(fixed, given)).not.toEqual([]));
});
