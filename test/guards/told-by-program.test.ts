import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, ${container}}]\n`;

interface Story {
  good?: string;
  now: string;
  fixed: string;
  said: string;
  kind?: "log" | "event";
  failureClass?: "crash-on-start" | "image-not-found" | "invalid-manifest" | "readiness-probe";
  more?: Record<string, string>;
}

/** The rules that refuse `fixed` in place of `now`. */
function judged({ good, now, fixed, said, kind = "log", failureClass = "crash-on-start", more = {} }: Story): string[] {
  const world = situation({
    files: { "web.yaml": now, ...more },
    good: good === undefined ? {} : { "web.yaml": good, ...more },
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item(kind, said)],
  });
  return rules(judge(world, proposal(world, { failureClass, container: "main", yaml: fixed, quote: said })));
}

describe("a setting of which the program lists what it may be", () => {
  const level = (value: string) => workload(`image: acme/web:1, env: [{name: LOG_LEVEL, value: ${value}}]`);
  const becomes = (value: string, said = 'invalid LOG_LEVEL "warning": must be one of debug, info, warn') =>
    judged({ now: level("warning"), fixed: level(value), said });

  test("is the word that is meant", () => expect(becomes("warn")).toEqual([]));

  test.each([
    ["no other word of the list", "debug", undefined],
    ["no word that it does not list", "trace", undefined],
    ["and nothing where the program speaks of something else", "warn", "cannot reach the registry: choose from a, b"],
  ])("%s", (_, value, said) => expect(becomes(value, said)).not.toEqual([]));
});

describe("an image whose name nobody can read", () => {
  const running = (image: string) => workload(`image: ${image}`);
  const said = 'InvalidImageName: couldn\'t parse image name "acme//web:2": invalid reference format';
  const becomes = (image: string, text = said) =>
    judged({ good: running("acme/web:1"), now: running("acme//web:2"), fixed: running(image), said: text, kind: "event", failureClass: "image-not-found" });

  test("gets the name that worked, with the tag of today", () => expect(becomes("acme/web:2")).toEqual([]));

  test.each([
    ["no other tag", "acme/web:3", said],
    ["no other name", "acme/wob:2", said],
    ["and not where it can be read", "acme/web:2", "manifest unknown"],
  ])("%s", (_, image, text) => expect(becomes(image, text)).not.toEqual([]));
});

describe("a priority class that is not there", () => {
  const asked = (name: string) => workload("image: acme/web:1").replace("      containers", `      priorityClassName: ${name}\n      containers`);
  const classes =
    "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: background-jobs}\nvalue: 10\n---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: serving}\nvalue: 10\n";
  const said = 'pods "web-" is forbidden: no PriorityClass with name background-job was found';
  const becomes = (name: string, text = said) =>
    judged({
      now: asked("background-job"),
      fixed: asked(name),
      said: text,
      kind: "event",
      failureClass: "invalid-manifest",
      more: { "classes.yaml": classes },
    });

  test("gives way to the one with a name like it", () => expect(becomes("background-jobs")).toEqual([]));

  test.each([
    ["to no other", "serving", said],
    ["to none that the delivery does not have", "background-jobz", said],
    ["nor where nobody misses it", "background-jobs", "pods are forbidden: exceeded quota"],
  ])("%s", (_, name, text) => expect(becomes(name, text)).not.toEqual([]));
});

describe("a probe that asks where nobody answers", () => {
  const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\ndata: {READY_PATH: /internal/ready, MOTTO: /admin}\n";
  const probed = (path: string, variables: string) => workload(`image: acme/web:1, ${variables}, readinessProbe: {httpGet: {path: ${path}, port: 8080}}`);
  const all = "envFrom: [{configMapRef: {name: settings}}]";
  const one = "env: [{name: READY, valueFrom: {configMapKeyRef: {name: settings, key: READY_PATH}}}]";
  const becomes = (path: string, variables: string) =>
    judged({
      good: workload(`image: acme/web:1, ${variables}`),
      now: probed("/readyz", variables),
      fixed: probed(path, variables),
      said: "Readiness probe failed: HTTP probe failed with statuscode: 404",
      kind: "event",
      failureClass: "readiness-probe",
      more: { "settings.yaml": settings },
    });

  test.each([
    ["all of a ConfigMap", all],
    ["one key of it", one],
  ])("asks where the program is told to answer, by %s", (_, variables) => expect(becomes("/internal/ready", variables)).toEqual([]));

  test.each([
    ["a path of a ConfigMap that the container does not read", "/internal/ready", "env: []"],
    ["a key that it does not take", "/admin", one],
    ["a path that nobody names", "/ready", all],
  ])("but not %s", (_, path, variables) => expect(becomes(path, variables)).toEqual(["plausible/probe-path"]));
});
