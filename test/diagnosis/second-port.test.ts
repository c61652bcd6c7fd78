import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { answerFor, both, edited, withSpec } from "./retold.ts";

const SERVICE = "deploy/service.yaml";
const DEPLOYMENT = "deploy/deployment.yaml";
const METRICS = "\n            - name: metrics\n              containerPort: 9090";

/** shop-17 with a second port of the Service, which leads to this target. */
const second = (target: string) =>
  both(edited(SERVICE, "targetPort: web", "targetPort: http"), edited(SERVICE, /$/, `    - name: metrics\n      port: 9090\n      targetPort: ${target}\n`));

/** The live Service has both ports; its slices those that resolve. */
function live(target: string | number): (object: KubeObject) => KubeObject[] {
  const ports: Json[] = [
    { name: "http", port: 80, protocol: "TCP", targetPort: "http" },
    { name: "metrics", port: 9090, protocol: "TCP", targetPort: target },
  ];
  const resolved: Json[] = [
    { name: "http", port: 8080, protocol: "TCP" },
    ...(typeof target === "number" ? [{ name: "metrics", port: target, protocol: "TCP" }] : []),
  ];
  return (object) => (object.kind === "Service" ? [withSpec(object, { ports })] : [object.kind === "EndpointSlice" ? { ...object, ports: resolved } : object]);
}

describe("the second port of a Service does not go to the pods' only declared port, to which its first one leads", () => {
  const numbered = { id: "shop-17", live: live(9090) };
  const named = { id: "shop-17", live: live("metrics") };

  test("where the good revision had it", async () => expect(await answerFor({ ...numbered, good: second("9090") })).toBe("escalate"));
  test("where it is new", async () => expect(await answerFor({ ...numbered, bad: second("9090") })).toBe("escalate"));
  test("where the container's port went", async () => {
    const good = both(second("metrics"), edited(DEPLOYMENT, "containerPort: 8080", `containerPort: 8080${METRICS}`));
    expect(await answerFor({ ...named, good, bad: edited(DEPLOYMENT, METRICS, "") })).toBe("escalate");
  });
  test("where its name was never declared", async () => expect(await answerFor({ ...named, bad: second("metrics") })).toBe("escalate"));
});
