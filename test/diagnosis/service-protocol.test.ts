import { describe, expect, test } from "vitest";
import type { Json, KubeObject } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

interface Story {
  /** The Service's port, then and today. */
  was: string;
  is: string;
  containerPort?: string;
}

/** In shop-17 a Service leads nowhere while its pods are ready. */
async function changesFor({ was, is, containerPort = "" }: Story): Promise<unknown> {
  const recording = loadRecording("shop-17");
  const service = (port: string) =>
    (recording.after["deploy/service.yaml"] ?? "").replace(/ {4}- name: http[\s\S]*$/, `    - {name: http, port: 80, ${port}}\n`);
  const deployment = (recording.after["deploy/deployment.yaml"] ?? "").replace("containerPort: 8080", `containerPort: 8080${containerPort}`);
  const files = (port: string) => ({ ...recording.after, "deploy/deployment.yaml": deployment, "deploy/service.yaml": service(port) });
  const isNumber = is.includes("targetPort: 8080");
  const protocol = is.includes("UDP") ? "UDP" : "TCP";
  const live: Json[] = [{ name: "http", port: 80, protocol, targetPort: isNumber ? 8080 : "http" }];
  const objects = recording.objects.map((object): KubeObject => {
    if (object.kind === "Service") return { ...object, spec: { ...Object(object.spec), ports: live } };
    return object.kind === "EndpointSlice" && isNumber ? { ...object, ports: [{ name: "http", port: 8080, protocol }] } : object;
  });
  const input = await caseOf({ ...recording, objects, before: files(was), after: files(is) });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.failureClass !== "service-port") return finding?.failureClass;
  return finding.action.kind === "fix" ? finding.action.changes.map(({ path, before, after }) => [path.at(-1), before, after]) : finding.action.kind;
}

describe("the protocol of a Service's port goes back", () => {
  test.each<[string, Story, unknown]>([
    ["to what it was", { was: "targetPort: http, protocol: TCP", is: "targetPort: http, protocol: UDP" }, [["protocol", "UDP", "TCP"]]],
    ["to the default", { was: "targetPort: http", is: "targetPort: http, protocol: UDP" }, [["protocol", "UDP", undefined]]],
    ["of a number that is declared", { was: "targetPort: 8080", is: "targetPort: 8080, protocol: UDP" }, [["protocol", "UDP", undefined]]],
    [
      "from the default",
      { was: "targetPort: http, protocol: UDP", is: "targetPort: http", containerPort: "\n              protocol: UDP" },
      [["protocol", undefined, "UDP"]],
    ],
  ])("%s", async (_, story, changes) => expect(await changesFor(story)).toEqual(changes));
});

test("where it did not change, people decide which of the two is right", async () => {
  expect(await changesFor({ was: "targetPort: http, protocol: UDP", is: "targetPort: http, protocol: UDP" })).toBe("escalate");
});
