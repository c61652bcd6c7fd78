import { type Json, type KubeObject, listAt, objectAt, textAt } from "../../src/cluster/objects.ts";
import { yamlText } from "../../src/source/edit/yaml-text.ts";
import { loadRecording, type Recording } from "../world/recording.ts";
import { fixOf } from "./recorded-fix.ts";

/** What the one container of Deployment badges is given, and what is rendered beside it. */
export interface Program {
  env?: Json[];
  envFrom?: Json[];
  /** More fields of the container, instead of those it has. */
  container?: { [field: string]: Json };
  /** More fields of the pod. */
  pod?: { [field: string]: Json };
  /** ConfigMaps by name. */
  maps?: { [name: string]: { [key: string]: string } };
}

export interface Told {
  /** Undefined where there is no good revision. */
  good?: Program;
  bad: Program;
  /** What the newest pods log, line for line. */
  says: string;
  /** The cluster's objects, made of the recorded ones. */
  live?: (object: KubeObject) => KubeObject[];
}

/** The fix of shop-67 (a crashing Deployment under Argo CD) with other variables, told by other words; see {@link fixOf}. */
export function badgesFix({ good, bad, says, live }: Told): Promise<string[]> {
  const files = (program: Program) => ({ "deploy/deployment.yaml": deployment(program), "deploy/maps.yaml": maps(program) });
  return badgesOf({ good: good && files(good), bad: files(bad), says, ...(live ? { live } : {}) });
}

type Files = Readonly<Record<string, string>>;

/** The same with files of its own below `deploy/`, which render a Deployment badges. */
export function badgesOf({
  good,
  bad,
  says,
  live = (object) => [object],
}: Pick<Told, "says" | "live"> & { good: Files | undefined; bad: Files }): Promise<string[]> {
  const recorded = loadRecording("shop-67");
  const recording = { ...recorded, before: { ...recorded.before, ...(good ?? bad) }, after: { ...recorded.before, ...bad, "README.md": "# Another week\n" } };
  const log = says
    .split("\n")
    .map((line, i) => `2026-11-23T00:24:5${i}.000000000Z ${line}\n`)
    .join("");
  const logs = Object.fromEntries(Object.keys(recording.logs).map((name) => [name, name.startsWith("badges-5cc4") ? log : ""]));
  const objects = recording.objects.filter((object) => !isOfGood(object)).flatMap(live);
  return fixOf({ ...recording, logs, objects }, good !== undefined);
}

export const literals = (values: { [name: string]: string }): Json[] => Object.entries(values).map(([name, value]) => ({ name, value }));

export const mapsRead = (...names: string[]): Json[] => names.map((name) => ({ configMapRef: { name } }));

/** Its newest pod runs and is never ready: what the kubelet says of the probe. */
export function unready(note: string): (object: KubeObject) => KubeObject[] {
  const running = { ready: false, started: true, restartCount: 0, lastState: {}, state: { running: { startedAt: "2026-11-23T00:19:14Z" } } };
  return (object) => {
    if (object.kind === "Event") return textAt(object, "reason") === "BackOff" ? [{ ...object, reason: "Unhealthy", note }] : [object];
    if (object.kind !== "Pod") return [object];
    const statuses = listAt(object, "status", "containerStatuses").map((one) => ({ ...objectAt(one), ...running }));
    return [{ ...object, status: { ...objectAt(object, "status"), containerStatuses: statuses } }];
  };
}

/** The pods that run as the recorded good commit had them, and their ReplicaSet. */
function isOfGood({ metadata }: Recording["objects"][number]): boolean {
  return JSON.stringify(metadata).includes("57c84d459");
}

export function deployment({ env, envFrom, container, pod }: Program): string {
  const labels = { app: "badges" };
  const program = {
    name: "badges",
    image: "acme/checkout:1.4.1",
    ports: [{ name: "http", containerPort: 8080 }],
    ...(envFrom ? { envFrom } : {}),
    ...(env ? { env } : {}),
    resources: { limits: { memory: "128Mi" } },
    readinessProbe: { httpGet: { path: "/readyz", port: "http" } },
    ...container,
  };
  const template = { metadata: { labels }, spec: { containers: [program], ...pod } };
  const spec = { replicas: 1, selector: { matchLabels: labels }, template };
  return yamlText({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "badges" }, spec });
}

function maps({ maps: all = {} }: Program): string {
  const objects = Object.entries(all).map(([name, data]) => yamlText({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data }));
  return objects.length > 0 ? objects.join("---\n") : "# none\n";
}
