import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const workload = (env: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: main, image: acme/web:1, env: [${env}]}]}\n`;
const variable = (name: string, value: string) => `{name: ${name}, value: '${value}'}`;
const LATER = `${variable("PATH_TO", "/shop")}, ${variable("HOST", "tea")}`;

/** The rules that refuse another value of URL, in a first release. */
function judged(before: string, after: string, rest = LATER): string[] {
  const said = "cannot parse $(HOST): invalid host in URL";
  const world = situation({
    files: { "web.yaml": workload(`${variable("URL", before)}, ${rest}`) },
    good: {},
    namespace: "shop",
    target: { kind: "Deployment", name: "web" },
    items: [item("event", "Back-off restarting failed container main"), item("log", said)],
  });
  const yaml = workload(`${variable("URL", after)}, ${rest}`);
  return rules(judge(world, proposal(world, { failureClass: "crash-on-start", container: "main", yaml, quote: said })));
}

describe("a variable that refers to what is defined after it", () => {
  test.each([
    ["one reference", "http://$(HOST)/", "http://tea/"],
    ["each of several", "http://$(HOST)$(PATH_TO)", "http://tea/shop"],
  ])("may have %s written out", (_, before, after) => expect(judged(before, after)).toEqual([]));

  test.each([
    ["with another value", "http://$(HOST)/", "http://evil.example/", LATER],
    ["with more than that", "http://$(HOST)/", "http://tea/admin", LATER],
    ["for one of two only", "http://$(HOST)$(PATH_TO)", "http://tea$(PATH_TO)", LATER],
    ["of what is not defined", "http://$(HOST)/", "http://tea/", variable("OTHER", "tea")],
    ["of what is read from somewhere else", "http://$(HOST)/", "http://tea/", "{name: HOST, valueFrom: {configMapKeyRef: {name: web, key: host}}}"],
    ["where it is an escaped one", "http://$$(HOST)/", "http://tea/", LATER],
  ])("may not be written out %s", (_, before, after, rest) => expect(judged(before, after, rest)).not.toEqual([]));
});
