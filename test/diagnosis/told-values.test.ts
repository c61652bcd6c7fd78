import { describe, expect, test } from "vitest";
import type { Json, JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { scheduleMeant } from "../../src/cluster/refused-schedules.ts";
import { allowedInstead, asQuantity, complaintsIn, limitMeant, secondsMeant } from "../../src/cluster/refused-values.ts";
import { quantitiesMeant, toldValues } from "../../src/diagnosis/playbook/apply/told-values.ts";
import { formatPath } from "../../src/source/edit/field-path.ts";

const object = (kind: string, spec: JsonObject): KubeObject => ({ apiVersion: "apps/v1", kind, metadata: { name: "web", namespace: "shop" }, spec });
const pods = (...containers: JsonObject[]): JsonObject => ({ template: { spec: { containers } } });

const mount = (name: string): JsonObject => ({ name, mountPath: `/${name}` });
const volume = (name: string): JsonObject => ({ name, emptyDir: {} });

/** What becomes of each field, as `field: before → after`; undefined where it is left to people. */
function told(now: KubeObject, message: string, others: KubeObject[] = [], then?: KubeObject): string[] | undefined {
  const found = toldValues(now, message, { rendered: [now, ...others], documents: [], past: then });
  const shown = (value: Json | undefined) => (value === undefined ? "nothing" : JSON.stringify(value));
  return found?.changes.map(({ path, before, after }) => `${formatPath(path)}: ${shown(before)} → ${shown(after)}`);
}

describe("the API server's own words leave one value", () => {
  test.each<[name: string, now: KubeObject, message: string, fixed: string[]]>([
    [
      "a word that is only spelt otherwise",
      object("Service", { type: "clusterip" }),
      'Service "web" is invalid: spec.type: Unsupported value: "clusterip": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"',
      ['spec.type: "clusterip" → "ClusterIP"'],
    ],
    [
      "two of them, in a list",
      object("Deployment", pods({ name: "web", imagePullPolicy: "ifNotPresent", ports: [{ containerPort: 80, protocol: "tcp" }] })),
      'Deployment.apps "web" is invalid: [spec.template.spec.containers[0].ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP", spec.template.spec.containers[0].imagePullPolicy: Unsupported value: "ifNotPresent": supported values: "Always", "IfNotPresent", "Never"]',
      [
        'spec.template.spec.containers[name=web].ports[containerPort=80].protocol: "tcp" → "TCP"',
        'spec.template.spec.containers[name=web].imagePullPolicy: "ifNotPresent" → "IfNotPresent"',
      ],
    ],
    [
      "a field that does not go with another one",
      object("Deployment", { strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
      "Deployment.apps \"web\" is invalid: spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
      ['spec.strategy.rollingUpdate: {"maxSurge":1} → nothing'],
    ],
    [
      "what a Job's pods have to say",
      object("Job", { template: { spec: { containers: [] } } }),
      'Job.batch "web" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
      ['spec.template.spec.restartPolicy: nothing → "Never"'],
    ],
    [
      "a mount of a volume with a name like it",
      object("Deployment", {
        template: { spec: { containers: [{ name: "web", volumeMounts: [mount("settngs"), mount("cache")] }], volumes: [volume("settings"), volume("cache")] } },
      }),
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].volumeMounts[0].name: Not found: "settngs"',
      ['spec.template.spec.containers[name=web].volumeMounts[name=settngs].name: "settngs" → "settings"'],
    ],
    [
      "a mount where only one volume is mounted by nobody",
      object("StatefulSet", {
        template: { spec: { containers: [{ name: "web", volumeMounts: [mount("disk")] }] } },
        volumeClaimTemplates: [{ metadata: { name: "data" } }],
      }),
      'StatefulSet.apps "web" is invalid: spec.template.spec.containers[0].volumeMounts[0].name: Not found: "disk"',
      ['spec.template.spec.containers[name=web].volumeMounts[name=disk].name: "disk" → "data"'],
    ],
    [
      "a schedule with seconds",
      object("CronJob", { schedule: "0 45 3 * * *" }),
      'CronJob.batch "web" is invalid: spec.schedule: Invalid value: "0 45 3 * * *": expected exactly 5 fields, found 6: [0 45 3 * * *]',
      ['spec.schedule: "0 45 3 * * *" → "45 3 * * *"'],
    ],
    [
      "the other Sunday",
      object("CronJob", { schedule: "0 4 * * 7" }),
      'CronJob.batch "web" is invalid: spec.schedule: Invalid value: "0 4 * * 7": end of range (7) above maximum (6): 7',
      ['spec.schedule: "0 4 * * 7" → "0 4 * * 0"'],
    ],
    [
      "a path of an Ingress without a type",
      object("Ingress", { rules: [{ http: { paths: [{ path: "/" }] } }] }),
      'Ingress.networking.k8s.io "web" is invalid: spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified',
      ['spec.rules[0].http.paths[0].pathType: nothing → "Prefix"'],
    ],
    [
      "half past two, as a clock says it",
      object("CronJob", { schedule: "2 30 * * *" }),
      'CronJob.batch "web" is invalid: spec.schedule: Invalid value: "2 30 * * *": end of range (30) above maximum (23): 30',
      ['spec.schedule: "2 30 * * *" → "30 2 * * *"'],
    ],
    [
      "the only number",
      object("Deployment", pods({ name: "web", livenessProbe: { successThreshold: 2 } })),
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1\n\nLast Helm logs:',
      ["spec.template.spec.containers[name=web].livenessProbe.successThreshold: 2 → 1"],
    ],
    [
      "the only word",
      object("Deployment", { template: { spec: { restartPolicy: "OnFailure" } } }),
      'Deployment.apps "web" is invalid: spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
      ['spec.template.spec.restartPolicy: "OnFailure" → "Always"'],
    ],
    [
      "the most that there may be",
      object("HorizontalPodAutoscaler", { behavior: { scaleDown: { stabilizationWindowSeconds: 4000 } } }),
      'HorizontalPodAutoscaler.autoscaling "web" is invalid: spec.behavior.scaleDown.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600',
      ["spec.behavior.scaleDown.stabilizationWindowSeconds: 4000 → 3600"],
    ],
    [
      "a mode that lacks the 0 in front",
      object("Deployment", { template: { spec: { volumes: [{ name: "a", configMap: { defaultMode: 755 } }] } } }),
      'Deployment.apps "web" is invalid: spec.template.spec.volumes[0].configMap.defaultMode: Invalid value: 755: must be a number between 0 and 0777 (octal), both inclusive',
      ["spec.template.spec.volumes[name=a].configMap.defaultMode: 755 → 493"],
    ],
    [
      "the name of a port in capitals, of which the API server complains twice",
      object("Deployment", pods({ name: "web", ports: [{ name: "HTTP", containerPort: 8080 }] })),
      'The Deployment "web" is invalid: [spec.template.spec.containers[0].ports[0].name: Invalid value: "HTTP": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-), spec.template.spec.containers[0].ports[0].name: Invalid value: "HTTP": must contain at least one letter (a-z)]',
      ['spec.template.spec.containers[name=web].ports[name=HTTP].name: "HTTP" → "http"'],
    ],
    [
      "what a Service of another type left",
      object("Service", { type: "ClusterIP", externalTrafficPolicy: "Local", ports: [{ port: 80, nodePort: 30080 }] }),
      'Service "web" is invalid: [spec.externalTrafficPolicy: Invalid value: "Local": may only be set for externally-accessible services, spec.ports[0].nodePort: Forbidden: may not be used when `type` is \'ClusterIP\']',
      ['spec.externalTrafficPolicy: "Local" → nothing', "spec.ports[port=80].nodePort: 30080 → nothing"],
    ],
    [
      "a share without its sign, and a number as text",
      object("Deployment", { strategy: { rollingUpdate: { maxSurge: "25", maxUnavailable: "1" } } }),
      "Deployment.apps \"web\" is invalid: [spec.strategy.rollingUpdate.maxUnavailable: Invalid value: \"1\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%'), spec.strategy.rollingUpdate.maxSurge: Invalid value: \"25\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')]",
      ['spec.strategy.rollingUpdate.maxUnavailable: "1" → 1', 'spec.strategy.rollingUpdate.maxSurge: "25" → "25%"'],
    ],
    [
      "the type of a strategy, which is quoted as a whole",
      object("Deployment", { strategy: { type: "rollingupdate" } }),
      'Deployment.apps "web" is invalid: spec.strategy: Unsupported value: {"Type":"rollingupdate","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
      ['spec.strategy.type: "rollingupdate" → "RollingUpdate"'],
    ],
    [
      "one of two words",
      object("StatefulSet", { podManagementPolicy: "parallel" }),
      "StatefulSet.apps \"web\" is invalid: spec.podManagementPolicy: Invalid value: \"parallel\": must be 'OrderedReady' or 'Parallel'",
      ['spec.podManagementPolicy: "parallel" → "Parallel"'],
    ],
    [
      "an item of a list",
      object("PersistentVolumeClaim", { accessModes: ["ReadWriteonce"] }),
      'PersistentVolumeClaim "web" is invalid: spec.accessModes: Unsupported value: "ReadWriteonce": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
      ['spec.accessModes[0]: "ReadWriteonce" → "ReadWriteOnce"'],
    ],
    [
      "a path below a volume, of a mount that is not counted",
      object("Deployment", pods({ name: "web", volumeMounts: [mount("a"), { ...mount("b"), subPath: "/x" }] })),
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].volumeMounts.subPath: Invalid value: "/x": must be a relative path',
      ['spec.template.spec.containers[name=web].volumeMounts[name=b].subPath: "/x" → "x"'],
    ],
    [
      "a resource by another name",
      object("Deployment", pods({ name: "web", resources: { limits: { mem: "96Mi" } } })),
      'Deployment.apps "web" is invalid: [spec.template.spec.containers[0].resources.limits[mem]: Invalid value: "mem": must be a standard resource type or fully qualified, spec.template.spec.containers[0].resources.limits[mem]: Invalid value: "mem": must be a standard resource for containers]',
      [
        'spec.template.spec.containers[name=web].resources.limits.memory: nothing → "96Mi"',
        'spec.template.spec.containers[name=web].resources.limits.mem: "96Mi" → nothing',
      ],
    ],
    [
      "a time zone in the schedule",
      object("CronJob", { schedule: "TZ=Europe/Berlin 0 5 * * *" }),
      'CronJob.batch "web" is invalid: spec.schedule: Invalid value: "TZ=Europe/Berlin 0 5 * * *": cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ['spec.schedule: "TZ=Europe/Berlin 0 5 * * *" → "0 5 * * *"', 'spec.timeZone: nothing → "Europe/Berlin"'],
    ],
    [
      "names for the ports of a Service that got a second one",
      object("Service", { ports: [{ port: 80, targetPort: "http" }, { port: 9102 }] }),
      'Service "web" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
      ['spec.ports[port=80].name: nothing → "http"', 'spec.ports[port=9102].name: nothing → "tcp-9102"'],
    ],
  ])("%s", (_, now, message, fixed) => {
    expect(told(now, message)).toEqual(fixed);
  });

  test("and of two handlers, the one that was there before another one came", () => {
    const then = object("Deployment", pods({ name: "web", livenessProbe: { httpGet: { path: "/", port: 8080 } } }));
    const now = object("Deployment", pods({ name: "web", livenessProbe: { httpGet: { path: "/", port: 8080 }, exec: { command: ["true"] } } }));
    const message =
      'Deployment.apps "web" is invalid: spec.template.spec.containers[0].livenessProbe.httpGet: Forbidden: may not specify more than 1 handler type';
    expect(told(now, message, [], then)).toEqual(['spec.template.spec.containers[name=web].livenessProbe.httpGet: {"path":"/","port":8080} → nothing']);
    expect(told(now, message)).toBeUndefined();
    const document = (role: "object" | "patch", probe: JsonObject) => ({ role, value: pods({ name: "web", livenessProbe: probe }) });
    const [base, patch] = [document("object", { httpGet: {} }), document("patch", { exec: {} })];
    const first = (...documents: { role: string; value: JsonObject }[]) =>
      toldValues(now, message, { rendered: [now], documents: documents.map(({ value, ...rest }) => ({ ...rest, value: { spec: value } })) as never })?.words;
    expect(first(base, patch)).toEqual(["Take containers[name=web].livenessProbe.httpGet out, which does not go with the rest"]);
    expect(first(base)).toBeUndefined();
    expect(first(document("object", { httpGet: {}, exec: {} }), patch)).toBeUndefined();
  });

  test("as other Jobs of the delivery have it, where each would do", () => {
    const now = object("Job", { template: { spec: { restartPolicy: "Always", containers: [] } } });
    const other = object("Job", { template: { spec: { restartPolicy: "OnFailure", containers: [] } } });
    const message = 'Job.batch "web" is invalid: spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"';
    expect(told(now, message, [other])).toEqual(['spec.template.spec.restartPolicy: "Always" → "OnFailure"']);
  });
});

describe("nobody knows what was meant", () => {
  test.each<[name: string, now: KubeObject, message: string]>([
    [
      "where no word is spelt alike",
      object("Service", { type: "Public" }),
      'Service "web" is invalid: spec.type: Unsupported value: "Public": supported values: "ClusterIP", "NodePort"',
    ],
    [
      "where one of two complaints leaves it open",
      object("Deployment", { replicas: -1, strategy: { type: "recreate" } }),
      'Deployment.apps "web" is invalid: [spec.replicas: Invalid value: -1: must be greater than or equal to 0, spec.strategy.type: Unsupported value: "recreate": supported values: "Recreate", "RollingUpdate"]',
    ],
    [
      "where seconds say something",
      object("CronJob", { schedule: "30 45 3 * * *" }),
      'CronJob.batch "web" is invalid: spec.schedule: Invalid value: "30 45 3 * * *": expected exactly 5 fields, found 6: [30 45 3 * * *]',
    ],
    [
      "at an hour that there is not",
      object("CronJob", { schedule: "30 24 * * *" }),
      'spec.schedule: Invalid value: "30 24 * * *": end of range (24) above maximum (23): 24',
    ],
  ])("%s", (_, now, message) => {
    expect(told(now, message)).toBeUndefined();
  });
});

test("each complaint counts once, however often a tool repeats it", () => {
  const once = 'Service "web" is invalid: spec.type: Unsupported value: "clusterip": supported values: "ClusterIP"';
  expect(complaintsIn(`${once}\nFailed last sync attempt: ${once} (retried 2 times).`).map(({ field }) => field)).toEqual(["spec.type"]);
});

describe("a schedule that can be meant in one way only", () => {
  test.each([
    ["60 * * * *", "end of range (60) above maximum (59): 60", "0 * * * *"],
    ["0 24 * * *", "end of range (24) above maximum (23): 24", "0 0 * * *"],
    ["0 3 * * MONDAY", 'failed to parse int from MONDAY: strconv.Atoi: parsing "MONDAY": invalid syntax', "0 3 * * MON"],
    ["0 3 * * Monday-Friday", 'failed to parse int from Monday: strconv.Atoi: parsing "Monday": invalid syntax', "0 3 * * Mon-Fri"],
    ["30 6 * * MON-FRY", 'failed to parse int from FRY: strconv.Atoi: parsing "FRY": invalid syntax', "30 6 * * MON-FRI"],
    ["0 3 1 January,Jul *", 'failed to parse int from January: strconv.Atoi: parsing "January": invalid syntax', "0 3 1 Jan,Jul *"],
    ["0 3 * * SAN", 'failed to parse int from SAN: strconv.Atoi: parsing "SAN": invalid syntax', undefined],
    ["*/5 18-6 * * *", "beginning of range (18) beyond end of range (6): 18-6", "*/5 18-23,0-6 * * *"],
    ["@dayly", "unrecognized descriptor: @dayly", "@daily"],
    ["@sometimes", "unrecognized descriptor: @sometimes", undefined],
    ["0 3 L * *", 'failed to parse int from L: strconv.Atoi: parsing "L": invalid syntax', undefined],
    ["0 3 * *", "expected exactly 5 fields, found 4: [0 3 * *]", "0 3 * * *"],
    ["*/20 * * *", "expected exactly 5 fields, found 4: [*/20 * * *]", "*/20 * * * *"],
    ["0 3 1 *", "expected exactly 5 fields, found 4: [0 3 1 *]", undefined],
    ["* * * *", "expected exactly 5 fields, found 4: [* * * *]", undefined],
  ])("%s", (schedule, words, meant) => {
    expect(scheduleMeant(schedule, `Invalid value: "${schedule}": ${words}`)).toBe(meant);
  });
});

describe("a field of the pod that there is under another name or at another place", () => {
  test.each([
    ["metadata.podName", "metadata.name"],
    ["metadata.podNamespace", "metadata.namespace"],
    ["pod.name", "metadata.name"],
    ["spec.nodename", "spec.nodeName"],
    ["status.nodeName", "spec.nodeName"],
    ["spec.hostIP", "status.hostIP"],
    ["status.podIp", "status.podIP"],
  ])("%s", (path, meant) => {
    expect(allowedInstead(downward(path), path)).toEqual({ kind: "is", value: meant });
  });

  test.each(["metadata.generation", "node.name", "spec.containers.name", "metadata.labels"])("not %s", (path) => {
    expect(allowedInstead(downward(path), path)?.kind).toBe("one-of");
  });

  function downward(path: string) {
    return {
      field: "spec.template.spec.containers[0].env[0].valueFrom.fieldRef.fieldPath",
      detail: `Invalid value: "${path}": error converting fieldPath: field label not supported: ${path}`,
    };
  }
});

describe("an amount whose unit is misspelt", () => {
  test.each([
    ["128MB", "128Mi"],
    ["1 Gi", "1Gi"],
    ["512mi", "512Mi"],
    ["1.5gb", "1.5Gi"],
    ["128Mi", undefined],
    ["128M", undefined],
    ["much", undefined],
    ["100mCPU", undefined],
  ])("%s", (text, quantity) => {
    expect(asQuantity(text)).toBe(quantity);
  });

  test("is corrected where it stands, and only where all are understood", () => {
    const now = (memory: string, cpu: string) => object("Deployment", pods({ name: "web", resources: { limits: { memory, cpu } } }));
    expect(quantitiesMeant(now("128MB", "100m"))?.words).toEqual(["Write resources.limits.memory as 128Mi instead of 128MB"]);
    expect(quantitiesMeant(now("128MB", "a lot"))).toBeUndefined();
  });
});

test("a limit in the decimal unit of what is requested in the binary one", () => {
  const said = (request: string, limit: string) =>
    `spec.template.spec.containers[1].resources.requests: Invalid value: "${request}": must be less than or equal to memory limit of ${limit}`;
  expect(limitMeant(said("128Mi", "128M"), "128M")).toBe("128Mi");
  expect(limitMeant(said("1Gi", "1G"), "1G")).toBe("1Gi");
  expect(limitMeant(said("256Mi", "128M"), "128M")).toBeUndefined();
  expect(limitMeant(said("128Mi", "128M"), "64M")).toBeUndefined();
});

test.each([
  ["terminationGracePeriodSeconds", "40s", 40],
  ["activeDeadlineSeconds", "2m", 120],
  ["activeDeadlineSeconds", "2h", undefined],
  ["timeout", "40s", undefined],
])("seconds with their unit: %s %s", (field, value, seconds) => {
  expect(secondsMeant(field, value)).toBe(seconds);
});
