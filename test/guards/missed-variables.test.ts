import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (container: string, volumes = "") =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers: [{name: main, image: acme/web:1, ${container}}]\n${volumes}`;

interface Story {
  now: string;
  fixed: string;
  said: string;
  failureClass?: "crash-on-start" | "volume-mount";
  more?: Record<string, string>;
}

/** The rules that refuse `fixed` in place of `now`, in a first release. */
function judged({ now, fixed, said, failureClass = "crash-on-start", more = {} }: Story): string[] {
  const world = situation({
    files: { "web.yaml": now, ...more },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item("log", said)],
  });
  return rules(judge(world, proposal(world, { failureClass, container: "main", yaml: fixed, quote: said })));
}

describe("a variable that the program asks for", () => {
  const said = "DATABASE_URL is not set";
  const env = (variables: string) => workload(`env: [${variables}]`);
  const now = env("{name: DB_URL, value: 'postgres://db/shop'}, {name: MODE, value: a}");
  const renamed = (fixed: string, text = said) => judged({ now, fixed: env(fixed), said: text });

  test("gets what another one held, which goes", () => {
    expect(renamed("{name: DATABASE_URL, value: 'postgres://db/shop'}, {name: MODE, value: a}")).toEqual([]);
  });

  test.each([
    ["with another value", "{name: DATABASE_URL, value: 'postgres://evil/shop'}, {name: MODE, value: a}"],
    ["beside another that goes", "{name: DATABASE_URL, value: 'postgres://db/shop'}"],
    ["and not under a name that loads code", "{name: LD_PRELOAD, value: 'postgres://db/shop'}, {name: MODE, value: a}"],
  ])("not %s", (_, fixed) => expect(renamed(fixed)).not.toEqual([]));

  test("and not where no program asks for it", () => {
    expect(renamed("{name: DATABASE_URL, value: 'postgres://db/shop'}, {name: MODE, value: a}", "panic: out of luck")).not.toEqual([]);
  });
});

describe("a volume that nobody mounts", () => {
  const conf = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: shop}\ndata: {web.conf: a}\n";
  const volumes = "      volumes: [{name: conf, configMap: {name: conf}}, {name: disk, emptyDir: {}}]\n";
  const mounted = (mount: string, said: string) =>
    judged({
      now: workload("args: []", volumes),
      fixed: workload(`args: [], volumeMounts: [${mount}]`, volumes),
      said,
      failureClass: "volume-mount",
      more: { "conf.yaml": conf },
    });
  const said = "open /etc/web/web.conf: no such file or directory";

  test("is mounted where the program looks for its file", () => {
    expect(mounted("{name: conf, mountPath: /etc/web}", said)).toEqual([]);
  });

  test.each([
    ["in another folder", "{name: conf, mountPath: /etc/ssl}", said],
    ["over all of /etc", "{name: conf, mountPath: /etc}", "open /etc/web.conf: no such file or directory"],
    ["over the system's certificates", "{name: conf, mountPath: /etc/ssl}", "open /etc/ssl/web.conf: no such file or directory"],
    ["if it is another volume", "{name: disk, mountPath: /etc/web}", said],
    ["if its ConfigMap has no such file", "{name: conf, mountPath: /etc/web}", "open /etc/web/other.conf: no such file or directory"],
  ])("and not %s", (_, mount, text) => expect(mounted(mount, text)).not.toEqual([]));
});
