import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const BUSY = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.";
const RECREATE = "{type: Recreate}";
const ROLLING = "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
const ONE_BY_ONE = "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}";

interface Story {
  was: string;
  is: string;
  /** Of today and of then. */
  ports?: [was: string, is: string];
  replicas?: number;
  /** What is left of the earlier ReplicaSet. */
  hasOld?: boolean;
}

/** In shop-14 a new pod finds no node: here for a port of the node, in a release. */
async function changesFor({ was, is, ports = ["hostPort: 9100", "hostPort: 9100"], replicas = 2, hasOld = true }: Story): Promise<unknown> {
  const recording = loadRecording("shop-14");
  const file = "deploy/deployment.yaml";
  const written = (text: string | undefined, strategy: string, port: string, count: number, tag = "1.4.1") => ({
    ...recording.after,
    [file]: (text ?? "")
      .replace("checkout:1.4.1", `checkout:${tag}`)
      .replace("replicas: 2", `replicas: ${count}\n  strategy: ${strategy}`)
      .replace("containerPort: 8080", `containerPort: 8080\n              ${port}`)
      .replace(/ +nodeSelector:\n.*\n/, ""),
  });
  const objects: KubeObject[] = JSON.parse(
    JSON.stringify(recording.objects).replaceAll("1 node(s) didn't match Pod's node affinity/selector.", BUSY.slice(BUSY.indexOf("1 node(s)"))),
  );
  const left = hasOld ? objects : objects.filter(({ kind, metadata }) => kind !== "ReplicaSet" || metadata.name !== "batcher-5dbc9877fc");
  const [then, now] = [recording.before[file], recording.after[file]];
  const input = await caseOf({ ...recording, objects: left, before: written(then, was, ports[0], 2), after: written(now, is, ports[1], replicas, "1.4.2") });
  const finding = input && consultPlaybook(input)[0]?.finding;
  if (finding?.failureClass !== "port-conflict") return finding?.failureClass;
  return finding.action.kind === "fix" ? finding.action.changes.map(({ path, after }) => [path.slice(1).join("."), after]) : finding.action.kind;
}

describe("the strategy with which the old pod went first goes back", () => {
  test.each<[string, Story, unknown]>([
    [
      "Recreate",
      { was: RECREATE, is: ROLLING },
      [
        ["strategy.type", "Recreate"],
        ["strategy.rollingUpdate", undefined],
      ],
    ],
    ["Recreate, for the default", { was: RECREATE, is: "{}" }, [["strategy.type", "Recreate"]]],
    [
      "one pod less instead of one more",
      { was: ONE_BY_ONE, is: "{rollingUpdate: {maxSurge: 1, maxUnavailable: 1}}" },
      [["strategy.rollingUpdate.maxSurge", 0]],
    ],
  ])("%s", async (_, story, changes) => expect(await changesFor(story)).toEqual(changes));
});

describe("it stays", () => {
  test.each<[string, Story]>([
    ["where it was no other", { was: ROLLING, is: ROLLING }],
    ["where the old pod goes first still", { was: RECREATE, is: ONE_BY_ONE }],
    ["where more pods are asked for", { was: RECREATE, is: ROLLING, replicas: 3 }],
    ["where no old pod is there", { was: RECREATE, is: ROLLING, hasOld: false }],
  ])("%s", async (_, story) => expect(await changesFor(story)).toBe("escalate"));

  test("where the port of the node is new", async () => {
    const changes = await changesFor({ was: RECREATE, is: ROLLING, ports: ["protocol: TCP", "hostPort: 9100"] });
    expect(changes).toEqual([[expect.stringContaining("hostPort"), undefined]]);
  });
});
