import { describe, expect, test } from "vitest";
import { documentOf, item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (container: string, pod = "") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, ${container}}]\n${pod}`;

interface Story {
  good: string;
  now: string;
  fixed: string;
  failureClass: "invalid-manifest" | "crash-on-start" | "liveness-probe" | "volume-mount" | "unschedulable-placement";
  said: string;
  kind?: "log" | "event" | "delivery";
}

/** The rules that refuse `fixed` in place of `now`, where `good` worked. */
function judged({ good, now, fixed, failureClass, said, kind = "event" }: Story): string[] {
  const world = situation({
    files: { "web.yaml": now },
    good: { "web.yaml": good },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item(kind, said)],
  });
  return rules(judge(world, proposal(world, { failureClass, container: "main", yaml: fixed, quote: said })));
}

describe("of two items of one name", () => {
  const twice = (fixed: string) =>
    judged({
      good: workload("env: [{name: PORT, value: '80'}, {name: MODE, value: a}]"),
      now: workload("env: [{name: PORT, value: '80'}, {name: MODE, value: b}, {name: PORT, value: '90'}]"),
      fixed: workload(fixed),
      failureClass: "invalid-manifest",
      said: 'failed to create typed patch object: .env: duplicate entries for key [name="PORT"]',
      kind: "delivery",
    });

  test("the one goes that the last good revision did not have", () => {
    expect(twice("env: [{name: PORT, value: '80'}, {name: MODE, value: b}]")).toEqual([]);
  });

  test.each([
    ["not the one that worked", "env: [{name: MODE, value: b}, {name: PORT, value: '90'}]"],
    ["not both", "env: [{name: MODE, value: b}]"],
    ["not another one", "env: [{name: PORT, value: '80'}, {name: PORT, value: '90'}]"],
    ["and nothing else changes", "env: [{name: PORT, value: '80'}, {name: MODE, value: c}]"],
  ])("%s", (_, fixed) => expect(twice(fixed)).not.toEqual([]));
});

describe("a port that moved", () => {
  const probe = (port: number, command: string) => workload(`ports: [{name: http, containerPort: ${port}}], livenessProbe: {exec: {command: [${command}]}}`);
  const asked = (fixed: string, port = 8181) =>
    judged({
      good: probe(8080, "nc, -z, localhost, '8080'"),
      now: probe(port, "nc, -z, localhost, '8080'"),
      fixed: probe(port, fixed),
      failureClass: "liveness-probe",
      said: "Liveness probe failed: connection refused",
    });

  test("is asked for by the probe's command", () => expect(asked("nc, -z, localhost, '8181'")).toEqual([]));

  test.each([
    ["at another host", "nc, -z, example.com, '8181'"],
    ["at another port", "nc, -z, localhost, '22'"],
    ["by another program", "'true', -z, localhost, '8181'"],
  ])("and not %s", (_, fixed) => expect(asked(fixed)).not.toEqual([]));

  test("and not where it did not move", () => expect(asked("nc, -z, localhost, '12345'", 8080)).not.toEqual([]));
});

describe("a mount that may only be read", () => {
  const mounted = (mount: string) => workload(`volumeMounts: [{name: data, mountPath: /data${mount}}]`, "      volumes: [{name: data, emptyDir: {}}]\n");
  const said = { failureClass: "volume-mount" as const, said: "open /data/state: read-only file system", kind: "log" as const };

  test("may be written again as at the last good revision", () => {
    expect(judged({ ...said, good: mounted(""), now: mounted(", readOnly: true"), fixed: mounted("") })).toEqual([]);
  });

  test("and not where it always was so", () => {
    expect(judged({ ...said, good: mounted(", readOnly: true"), now: mounted(", readOnly: true"), fixed: mounted("") })).not.toEqual([]);
  });
});

describe("a constraint of how pods are spread", () => {
  const one = (topologyKey: string, whenUnsatisfiable: string) =>
    `{maxSkew: 1, topologyKey: ${topologyKey}, whenUnsatisfiable: ${whenUnsatisfiable}, labelSelector: {matchLabels: {app: web}}}`;
  const spread = (...all: string[]) => workload("", `      topologySpreadConstraints: [${all.join(", ")}]\n`);
  const [wish, other, strict, old] = [
    one("host", "ScheduleAnyway"),
    one("rack", "ScheduleAnyway"),
    one("zone", "DoNotSchedule"),
    one("region", "DoNotSchedule"),
  ];
  const said = "0/3 nodes are available: 3 node(s) didn't match pod topology spread constraints.";
  const left = (fixed: string, message = said) =>
    judged({ good: spread(old), now: spread(old, wish, strict), fixed, failureClass: "unschedulable-placement", said: message });

  test("goes where it came with the commit, and the wish beside it stays", () => expect(left(spread(old, wish))).toEqual([]));

  test.each<[string, string, string?]>([
    ["where it was there before", spread(wish, strict)],
    ["where it is a wish", spread(old, strict)],
    ["where another takes its place", spread(old, wish, other)],
    ["where the scheduler speaks of something else", spread(old, wish), "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector."],
  ])("does not go %s", (_, fixed, message) => expect(left(fixed, message)).not.toEqual([]));
});

describe("a mount below /etc", () => {
  const at = (path: string) => workload(`volumeMounts: [{name: conf, mountPath: ${path}}]`, "      volumes: [{name: conf, emptyDir: {}}]\n");
  const moved = (from: string, to: string) =>
    judged({ failureClass: "volume-mount", said: `open ${to}/a.conf: no such file or directory`, kind: "log", good: at(from), now: at(from), fixed: at(to) });

  test("goes to the folder of almost that name in which the program looks", () => expect(moved("/etc/shops", "/etc/shop")).toEqual([]));

  test.each([
    ["/etc/shop", "/etc/passwd"],
    ["/etc/shop", "/etc/other"],
    ["/etc/hosts2", "/etc/hosts"],
    ["/etc/shop", "/etc"],
    ["/srv/shop", "/usr/shop"],
  ])("does not go from %s to %s", (from, to) => expect(moved(from, to)).not.toEqual([]));
});

describe("a word of a settings file", () => {
  const settings = (text: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: shop}\ndata:\n  a.conf: |\n${text}`;
  const GOOD = "    read_timeout 20;\n    host a;\n";
  const reads = workload("volumeMounts: [{name: conf, mountPath: /etc/a}]", "      volumes: [{name: conf, configMap: {name: conf}}]\n");

  function spelt(after: string, log = 'unknown directive "send_timout"'): string[] {
    const world = situation({
      files: { "conf.yaml": settings(`${GOOD}    send_timout 30;\n    send_timeout_all off;\n    send_timeout 5;\n`), "web.yaml": reads },
      good: { "conf.yaml": settings(GOOD), "web.yaml": reads },
      namespace: "shop",
      target: { kind: "Deployment", name: "web" },
      items: [item("event", "Back-off restarting failed container main"), item("log", log)],
    });
    const yaml = settings(`${GOOD}${after}    send_timeout_all off;\n    send_timeout 5;\n`);
    const documents = [{ id: documentOf(world, { kind: "ConfigMap", name: "conf" }).id, yaml }];
    return rules(judge(world, proposal(world, { failureClass: "crash-on-start", container: "main", documents, quote: log })));
  }

  test("is spelt as the file spells it elsewhere", () => expect(spelt("    send_timeout 30;\n")).toEqual([]));

  test.each([
    ["with another value", "    send_timeout 99;\n"],
    ["as a word that the file does not have", "    send_timeouts 30;\n"],
    ["as a word that is far from it", "    read_timeout 30;\n"],
  ])("and not %s", (_, after) => expect(spelt(after)).not.toEqual([]));

  test("and not where no program complains about it", () => expect(spelt("    send_timeout 30;\n", "segmentation fault")).not.toEqual([]));
});

describe("an image without a tag", () => {
  const running = (image: string) => workload("args: []").replace("acme/web:1", image);
  const released = (fixed: string, good = "acme/web:1") => {
    const world = situation({
      files: { "web.yaml": running("mirror.example/acme/web:2") },
      good: { "web.yaml": running(good) },
      namespace: "shop",
      target: { kind: "Deployment", name: "web" },
      items: [item("event", "Failed to pull image mirror.example/acme/web:2: not found")],
    });
    return rules(judge(world, proposal(world, { failureClass: "image-not-found", container: "main", yaml: running(fixed), quote: "Failed to pull image" })));
  };

  test("is none that a fix may leave where nothing else gives it one", () => {
    expect(released("acme/web:1")).toEqual([]);
    expect(released("acme/web")).toContain("plausible/image-latest");
    expect(released("acme/other")).toContain("plausible/image-latest");
  });
});

describe("a field that the schema does not know where it stands", () => {
  const said = "failed to create typed patch object: .spec.template.spec.containers[name=main].terminationGracePeriodSeconds: field not declared in schema";
  const moved = (fixed: string, text = said) => {
    const misplaced = workload("terminationGracePeriodSeconds: 60");
    return judged({ good: workload("args: []"), now: misplaced, fixed, failureClass: "invalid-manifest", said: text, kind: "delivery" });
  };
  const inPod = (seconds: number) => workload("args: []", `      terminationGracePeriodSeconds: ${seconds}\n`).replace(", args: []", "");

  test("moves to where it does", () => expect(moved(inPod(60))).toEqual([]));

  test("and nowhere else, with no other value, and not if nobody complains about it", () => {
    expect(moved(inPod(600))).not.toEqual([]);
    expect(
      moved(workload("args: []").replace(", args: []", "").replace("spec:\n  selector", "spec:\n  terminationGracePeriodSeconds: 60\n  selector")),
    ).not.toEqual([]);
    expect(moved(inPod(60), "the server is busy")).not.toEqual([]);
  });
});

describe("a probe that stands in the pod", () => {
  const said = "failed to create typed patch object: .spec.template.spec.readinessProbe: field not declared in schema";
  const probe = (path: string) => `readinessProbe: {httpGet: {path: ${path}, port: 80}}`;
  const moved = (fixed: string, text = said) => {
    const now = workload("args: []", `      ${probe("/ready")}\n`);
    return judged({ good: workload(`args: [], ${probe("/old")}`), now, fixed, failureClass: "invalid-manifest", said: text, kind: "delivery" });
  };

  test("moves to its container", () => expect(moved(workload(`args: [], ${probe("/ready")}`))).toEqual([]));

  test("and is neither lost nor another one", () => {
    expect(moved(workload("args: []"))).not.toEqual([]);
    expect(moved(workload(`args: [], ${probe("/")}`))).not.toEqual([]);
  });
});

describe("a volume in other letters than names have", () => {
  const pods = (name: string, mount = name, source = "emptyDir: {}") =>
    workload(`volumeMounts: [{name: ${mount}, mountPath: /cache}]`, `      volumes: [{name: ${name}, ${source}}]\n`);
  const said = `Deployment.apps "web" is invalid: [spec.template.spec.volumes[0].name: Invalid value: "appCache": a lowercase RFC 1123 label must consist of lower case alphanumeric characters, spec.template.spec.containers[0].volumeMounts[0].name: Not found: "appCache"]`;
  const named = (fixed: string) =>
    judged({ good: workload("args: []"), now: pods("appCache"), fixed, failureClass: "invalid-manifest", said, kind: "delivery" });

  test("gets them, with its mounts", () => expect(named(pods("appcache"))).toEqual([]));

  test("and no other name, no other source, and no mount of something else", () => {
    expect(named(pods("other"))).not.toEqual([]);
    expect(named(pods("appcache", "appcache", "hostPath: {path: /}"))).not.toEqual([]);
    expect(named(pods("appcache", "appCache"))).not.toEqual([]);
  });
});

describe("a selector's key in an overlay's patch", () => {
  const deployment =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1}]\n";
  const service = (spec: string) => `apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]${spec}}\n`;

  /** The rules that refuse a Service which loses its last key. */
  function judgedWithout(rendered: string): string[] {
    const world = situation({
      files: { "service.yaml": service(", selector: {tier: web}"), "web.yaml": deployment },
      good: { "service.yaml": service(""), "web.yaml": deployment },
      namespace: "shop",
      target: { kind: "Service", name: "web" },
      items: [item("event", "no endpoints for service web: selector tier=web")],
    });
    const [found] = situation({
      files: { "service.yaml": service(rendered) },
      good: {},
      namespace: "shop",
      target: { kind: "Service", name: "web" },
      items: [],
    }).rendered;
    const others = world.rendered.filter(({ kind }) => kind !== "Service");
    const seen = { ...world, rendered: found ? [found, ...others] : others };
    return rules(
      judge(seen, proposal(world, { failureClass: "service-no-endpoints", yaml: service(", selector: {}"), quote: "no endpoints for service web" })),
    );
  }

  test("goes where the Service keeps others", () => expect(judgedWithout(", selector: {app: web, tier: web}")).not.toContain("plausible/selector-broadened"));

  test("and not where it is the last one", () => expect(judgedWithout(", selector: {tier: web}")).toContain("plausible/selector-broadened"));
});

describe("an annotation that is no text", () => {
  const annotated = (value: string) =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}, annotations: {team: a, scrape: ${value}}}\n    spec: {containers: [{name: main, image: acme/web:1}]}\n`;
  const written = (fixed: string, now = "true") =>
    judged({
      good: annotated("'no'"),
      now: annotated(now),
      fixed: annotated(fixed),
      failureClass: "invalid-manifest",
      said: 'error when patching "/dev/shm/1": "" is invalid: patch: Invalid value: "": unrecognized type: string',
      kind: "delivery",
    });

  test("is written as text, though the API server names no field", () => {
    expect(written("'true'")).toEqual([]);
    expect(written("'80'", "80")).toEqual([]);
  });

  test.each([
    ["not as another text", "'yes'", "true"],
    ["and text stays", "'true'", "'yes'"],
  ])("%s", (_, fixed, now) => expect(written(fixed, now)).not.toEqual([]));
});

describe("a reference to a variable that has another name now", () => {
  const command = (reference: string, name: string) => workload(`args: ['--db', '$(${reference})'], env: [{name: ${name}, value: 'postgres://db/web'}]`);
  const followed = (fixed: string) =>
    judged({
      good: command("DB_URL", "DB_URL"),
      now: command("DB_URL", "DATABASE_URL"),
      fixed,
      failureClass: "crash-on-start",
      said: "cannot parse $(DB_URL): failed to parse as DSN",
      kind: "log",
    });

  test("follows it", () => expect(followed(command("DATABASE_URL", "DATABASE_URL"))).toEqual([]));
  test("and no other", () => expect(followed(command("HOME", "DATABASE_URL"))).not.toEqual([]));
});

describe("an empty directory that hides the program", () => {
  const cache = (mountPath: string, more = "") =>
    workload(
      `env: [{name: CACHE_DIR, value: /app/cache}${more}], volumeMounts: [{name: cache, mountPath: ${mountPath}}]`,
      "      volumes: [{name: cache, emptyDir: {}}]\n",
    );
  const moved = (to: string, more = "") =>
    judged({
      good: cache("/app", more),
      now: cache("/app", more),
      fixed: cache(to, more),
      failureClass: "volume-mount",
      said: 'exec: "/app/run": stat /app/run: no such file or directory',
    });

  test("is mounted where a variable names a folder below", () => expect(moved("/app/cache")).toEqual([]));

  test.each([
    ["where nothing names a folder", "/app/data", ""],
    ["outside", "/srv/cache", ""],
    ["where two are named", "/app/cache", ", {name: DATA_DIR, value: /app/data}"],
  ])("but not %s", (_, to, more) => expect(moved(to, more)).not.toEqual([]));
});
