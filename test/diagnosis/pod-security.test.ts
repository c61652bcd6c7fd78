import { describe, expect, test } from "vitest";
import { type JsonObject, type KubeObject, listAt, numberAt, objectAt } from "../../src/cluster/objects.ts";
import { consultPlaybook } from "../../src/diagnosis/playbook/playbook.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { setIn } from "../../src/source/edit/set-in.ts";
import { loadRecording } from "../world/recording.ts";
import { caseOf } from "./case.ts";

const RECORDED = 'baseline:latest": privileged (container "scanner" must not set securityContext.privileged=true)';
const PRIVILEGED = "          securityContext:\n            privileged: true\n";
const CONTAINERS = "      containers:\n";

const ESCALATION = (names: string) => `allowPrivilegeEscalation != false (${names} must set securityContext.allowPrivilegeEscalation=false)`;
const CAPABILITIES = (names: string) => `unrestricted capabilities (${names} must set securityContext.capabilities.drop=["ALL"])`;
const NOT_ROOT = (names: string) => `runAsNonRoot != true (pod or ${names} must set securityContext.runAsNonRoot=true)`;
const SECCOMP = (names: string) => `seccompProfile (pod or ${names} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`;
const ADDED = 'non-default capabilities (container "tail" must not include "NET_ADMIN", "SYS_TIME" in securityContext.capabilities.add)';

type Context = Record<string, unknown>;
const FIRM: Context = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsUser: 1000,
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

interface Told {
  /** The context of the container that was there before the commit; null for none. */
  own?: Context | null;
  pod?: Context;
  /** Containers that the commit added, with their contexts, and their ports. */
  added?: Record<string, Context>;
}

/** shop-36 with other security settings: `before` is what runs, or null where nothing is known to have run. */
async function wordsFor(told: Told, said: readonly string[], before: Context | null = FIRM): Promise<unknown> {
  const recording = loadRecording("shop-36");
  const path = "deploy/deployment.yaml";
  const text = (own: Context | null, pod?: Context, added: Record<string, Context> = {}) =>
    (recording.after[path] ?? "")
      .replace(PRIVILEGED, contextOf(own, 10))
      .replace(CONTAINERS, `${contextOf(pod ?? null, 6)}${CONTAINERS}${Object.entries(added).map(sidecar).join("")}`);
  const files = {
    before: { ...recording.before, [path]: text(before) },
    after: { ...recording.after, [path]: text(told.own === undefined ? FIRM : told.own, told.pod, told.added) },
  };
  const objects = clusterSaying(recording.objects, `restricted:latest": ${said.join(", ")}`, before);
  const input = await caseOf({ ...recording, ...files, objects }, { lastGood: before === null });
  const action = input && consultPlaybook(input)[0]?.finding.action;
  return action?.kind === "fix" ? action.changes.map(({ path: at, after }) => `${namesIn(at.slice(3))} = ${JSON.stringify(after)}`) : action?.kind;
}

function contextOf(context: Context | null, indent: number): string {
  return context === null ? "" : `${" ".repeat(indent)}securityContext: ${JSON.stringify(context)}\n`;
}

function sidecar([name, { ports, ...context }]: [string, Context]): string {
  const opened = ports === undefined ? "" : `          ports: ${JSON.stringify(ports)}\n`;
  return `        - name: ${name}\n          image: busybox:1.37\n${opened}${Object.keys(context).length > 0 ? contextOf(context, 10) : ""}`;
}

function clusterSaying(objects: readonly KubeObject[], said: string, running: Context | null): KubeObject[] {
  const inJson = (words: string) => JSON.stringify(words).slice(1, -1);
  const copies: KubeObject[] = JSON.parse(JSON.stringify(objects).replaceAll(inJson(RECORDED), inJson(said)));
  return copies.map((object) => {
    if (object.kind !== "ReplicaSet" || !numberAt(object, "status", "readyReplicas")) return object;
    if (running === null) return { ...object, status: { replicas: 0 } };
    const containers = listAt(object, "spec", "template", "spec", "containers").map((container) => ({
      ...objectAt(container),
      securityContext: running as JsonObject,
    }));
    return setIn(object, ["spec", "template", "spec", "containers"], containers) as KubeObject;
  });
}

function namesIn(path: FieldPath): string {
  return path.map((step) => (typeof step === "object" ? step.value : step)).join(".");
}

test("a new container gets what the restricted level demands of it, and nothing else", async () => {
  const said = [ESCALATION('container "tail"'), CAPABILITIES('container "tail"')];
  expect(await wordsFor({ added: { tail: {} }, pod: { runAsNonRoot: true } }, said)).toEqual([
    'containers.tail.securityContext = {"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]}}',
  ]);
});

test("what it has already stays, and several new containers are tightened at once", async () => {
  const added = { tail: { readOnlyRootFilesystem: true, capabilities: { drop: ["NET_RAW", "MKNOD"] } }, sync: {} };
  const both = 'containers "tail", "sync"';
  expect(await wordsFor({ added }, [ESCALATION(both), CAPABILITIES(both), SECCOMP(both)])).toEqual([
    'containers.tail.securityContext.capabilities.drop = ["ALL"]',
    "containers.tail.securityContext.allowPrivilegeEscalation = false",
    'containers.tail.securityContext.seccompProfile = {"type":"RuntimeDefault"}',
    'containers.sync.securityContext = {"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"seccompProfile":{"type":"RuntimeDefault"}}',
  ]);
});

test("what all containers of a pod lack, and the pod may say for them, the pod says", async () => {
  const said = [CAPABILITIES('container "scanner"'), NOT_ROOT('container "scanner"'), SECCOMP('container "scanner"')];
  expect(await wordsFor({ own: { allowPrivilegeEscalation: false, runAsUser: 1000 } }, said, null)).toEqual([
    'containers.scanner.securityContext.capabilities = {"drop":["ALL"]}',
    'securityContext = {"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}',
  ]);
});

test("that it is not root is demanded of a program only where its user is known", async () => {
  const said = [NOT_ROOT('container "tail"')];
  expect(await wordsFor({ added: { tail: { runAsUser: 65534 } } }, said)).toEqual(["containers.tail.securityContext.runAsNonRoot = true"]);
  expect(await wordsFor({ added: { tail: {} }, pod: { runAsUser: 1000 } }, said)).toEqual(['containers.tail.securityContext = {"runAsNonRoot":true}']);
  expect(await wordsFor({ added: { tail: { runAsUser: 0 } }, pod: { runAsUser: 1000 } }, said)).toBe("escalate");
});

describe("a new container that has no user of its own", () => {
  const said = [ESCALATION('container "tail"'), NOT_ROOT('container "tail"')];
  const { runAsUser: _, ...NOBODY } = FIRM;

  test("takes that of the container beside it, with its group", async () => {
    expect(await wordsFor({ added: { tail: {} } }, said)).toEqual([
      'containers.tail.securityContext = {"allowPrivilegeEscalation":false,"runAsNonRoot":true,"runAsUser":1000}',
    ]);
    const own = { ...FIRM, runAsGroup: 3000 };
    expect(await wordsFor({ own, added: { tail: { readOnlyRootFilesystem: true } } }, said, own)).toEqual([
      "containers.tail.securityContext.allowPrivilegeEscalation = false",
      "containers.tail.securityContext.runAsNonRoot = true",
      "containers.tail.securityContext.runAsUser = 1000",
      "containers.tail.securityContext.runAsGroup = 3000",
    ]);
  });

  test.each<[string, Told, Context?]>([
    ["the image decides who the other one is", { own: NOBODY, added: { tail: {} } }, NOBODY],
    ["the others are two users", { added: { tail: {}, sync: { ...FIRM, runAsUser: 2000 } } }],
    ["it says itself that it is root", { added: { tail: { runAsUser: 0 } } }],
  ])("is left to people where %s", async (__, told, before) => {
    expect(await wordsFor(told, said, before)).toBe("escalate");
  });
});

test("what no level allows goes from a new container", async () => {
  const unconfined = 'seccompProfile (container "tail" must not set securityContext.seccompProfile.type to "Unconfined")';
  const privileged = 'privileged (container "tail" must not set securityContext.privileged=true)';
  const tail = { privileged: true, capabilities: { add: ["NET_ADMIN", "CHOWN", "SYS_TIME"] }, seccompProfile: { type: "Unconfined" } };
  expect(await wordsFor({ added: { tail } }, [ADDED, privileged, unconfined])).toEqual([
    "containers.tail.securityContext.privileged = false",
    'containers.tail.securityContext.capabilities.add = ["CHOWN"]',
    'containers.tail.securityContext.seccompProfile.type = "RuntimeDefault"',
  ]);
});

test("an older container gets back what it had, and the new one what it never had", async () => {
  const both = 'containers "tail", "scanner"';
  const { allowPrivilegeEscalation: _, capabilities: __, ...own } = FIRM;
  const said = [ESCALATION(both), CAPABILITIES('container "scanner"')];
  expect(await wordsFor({ own, added: { tail: { capabilities: { drop: ["ALL"] } } } }, said)).toEqual([
    "containers.scanner.securityContext.allowPrivilegeEscalation = false",
    'containers.scanner.securityContext.capabilities = {"drop":["ALL"]}',
    "containers.tail.securityContext.allowPrivilegeEscalation = false",
  ]);
});

test("a context that went as a whole comes back as it was", async () => {
  const said = [ESCALATION('container "scanner"'), CAPABILITIES('container "scanner"')];
  expect(await wordsFor({ own: null }, said)).toEqual([`containers.scanner.securityContext = ${JSON.stringify(FIRM)}`]);
});

test("one capability that is dropped instead of all of them is all of them again", async () => {
  const own = { ...FIRM, capabilities: { drop: ["NET_RAW"] } };
  expect(await wordsFor({ own }, [CAPABILITIES('container "scanner"')])).toEqual(['containers.scanner.securityContext.capabilities.drop.0 = "ALL"']);
});

test("what ran without it is left to people: it was the namespace that changed", async () => {
  const loose = { runAsUser: 1000 };
  expect(await wordsFor({ own: loose }, [ESCALATION('container "scanner"')], loose)).toBe("escalate");
  expect(await wordsFor({ own: loose, added: { tail: {} } }, [ESCALATION('containers "tail", "scanner"')], loose)).toBe("escalate");
});

test("where one demand is for people, to answer the others does not help", async () => {
  const zero = 'runAsUser=0 (container "tail" must not set runAsUser=0)';
  expect(await wordsFor({ added: { tail: {} } }, [ESCALATION('container "tail"'), 'hostPath volumes (volume "logs")'])).toBe("escalate");
  expect(await wordsFor({ added: { tail: { runAsUser: 0 } } }, [ESCALATION('container "tail"'), zero])).toBe("escalate");
});

const HOST_PORT = 'hostPort (container "tail" uses hostPort 9102)';
const OPENED = { ports: [{ name: "metrics", containerPort: 9102, hostPort: 9102 }, { containerPort: 9103 }] };

test("a port that a new container opens on the node is closed there, and stays in the pod", async () => {
  expect(await wordsFor({ added: { tail: OPENED } }, [HOST_PORT])).toEqual(["containers.tail.ports.9102.hostPort = undefined"]);
});

test("also beside what else is demanded, and not where that cannot be answered", async () => {
  expect(await wordsFor({ added: { tail: OPENED } }, [HOST_PORT, ESCALATION('container "tail"')])).toEqual([
    "containers.tail.ports.9102.hostPort = undefined",
    'containers.tail.securityContext = {"allowPrivilegeEscalation":false}',
  ]);
  expect(await wordsFor({ added: { tail: OPENED } }, [HOST_PORT, 'windowsOptions (container "tail" is strange)'])).toBe("escalate");
});

describe("capabilities that the commit adds", () => {
  const REFUSED = 'non-default capabilities (container "scanner" must not include "NET_ADMIN" in securityContext.capabilities.add)';
  const told = (capabilities: unknown, then: Context) => wordsFor({ own: { ...then, capabilities } }, [REFUSED], then);

  test("go where the level refuses them, and stay where it does not", async () => {
    expect(await told({ drop: ["ALL"], add: ["NET_BIND_SERVICE", "NET_ADMIN"] }, { capabilities: { drop: ["ALL"] } })).toEqual([
      'containers.scanner.securityContext.capabilities.add = ["NET_BIND_SERVICE"]',
    ]);
  });

  test("leave those behind that are dropped with them", async () => {
    expect(await told({ drop: ["ALL"], add: ["NET_ADMIN"] }, { runAsUser: 1000 })).toEqual(["containers.scanner.securityContext.capabilities.add = undefined"]);
  });

  test("go back to those of before", async () => {
    expect(await told({ add: ["CHOWN", "NET_ADMIN"] }, { capabilities: { add: ["CHOWN"] } })).toEqual([
      'containers.scanner.securityContext.capabilities.add = ["CHOWN"]',
    ]);
  });
});
