import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const service = (name: string, app = "tea", port = 80) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {app: ${app}}\n  ports: [{port: ${port}}]\n`;
const workload = (name: string, app: string, container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {matchLabels: {app: ${app}}}\n  template:\n    metadata: {labels: {app: ${app}}}\n    spec: {containers: [{name: main, image: acme/web:1, ${container}}]}\n`;

/** Service tea is called coffee today (or has another port), beside Service milk; the program's container is to change. */
function judged(before: string, after: string, today = service("coffee")): string[] {
  const files = (now: string) => ({
    "basket.yaml": workload("basket", "basket", before),
    "tea.yaml": workload("tea", "tea", "args: []"),
    "milk.yaml": workload("milk", "milk", "args: []"),
    "service.yaml": now,
    "other.yaml": service("milk", "milk"),
  });
  const world = situation({
    files: files(today),
    good: files(service("tea")),
    namespace: "shop",
    target: { kind: "Deployment", name: "basket" },
    items: [item("event", "Back-off restarting failed container main"), item("log", "lookup tea: no such host")],
  });
  const yaml = workload("basket", "basket", after);
  return rules(judge(world, proposal(world, { failureClass: "dependency-address", container: "main", yaml, quote: "Back-off restarting" })));
}

describe("an address of a renamed Service", () => {
  test.each([
    ["env: [{name: TEA, value: '$(TEA_SERVICE_HOST):$(TEA_SERVICE_PORT)'}]", "env: [{name: TEA, value: '$(COFFEE_SERVICE_HOST):$(COFFEE_SERVICE_PORT)'}]"],
    ["env: [{name: TEAS, value: 'tea:80,other:1'}]", "env: [{name: TEAS, value: 'coffee:80,other:1'}]"],
    ["args: [--url=http://tea/cups]", "args: [--url=http://coffee/cups]"],
    ["command: [sh, -c, 'until nc -z tea 80; do echo tea; done']", "command: [sh, -c, 'until nc -z coffee 80; do echo tea; done']"],
  ])("may follow: %s", (before, after) => expect(judged(before, after)).toEqual([]));

  test.each([
    ["to another Service", "env: [{name: TEA, value: 'tea:80,x:1'}]", "env: [{name: TEA, value: 'milk:80,x:1'}]"],
    ["to somewhere else", "args: [--url=http://tea/cups]", "args: [--url=http://evil.example/cups]"],
    ["with more than the address", "args: [--url=http://tea/cups]", "args: [--url=http://coffee/admin]"],
    ["a command to another Service", "command: [sh, -c, 'until nc -z tea 80; do sleep 1; done']", "command: [sh, -c, 'until nc -z milk 80; do sleep 1; done']"],
    ["more of a command than an address", "command: [sh, -c, 'until nc -z tea 80; do sleep 1; done']", "command: [sh, -c, 'nc -z coffee 80']"],
    ["a command away", "command: [sh, -c, 'until nc -z tea 80; do sleep 1; done']", "args: []"],
    ["a command near to what it was", "command: [brew, tea]", "command: [brew, teas]"],
    ["in an argument that is no address", "args: [--topic=tea]", "args: [--topic=coffee]"],
  ])("may not change %s", (_, before, after) => expect(judged(before, after)).not.toEqual([]));
});

describe("an address of a Service with another port", () => {
  const moved = service("tea", "tea", 8080);
  test.each([
    ["env: [{name: TEA, value: 'http://tea/cups'}]", "env: [{name: TEA, value: 'http://tea:8080/cups'}]"],
    ["env: [{name: TEA_HOST, value: tea}, {name: TEA_PORT, value: '80'}]", "env: [{name: TEA_HOST, value: tea}, {name: TEA_PORT, value: '8080'}]"],
    ["args: [--teas=tea:80,other:1]", "args: [--teas=tea:8080,other:1]"],
    ["command: [sh, -c, 'nc -z -w 2 tea 80']", "command: [sh, -c, 'nc -z -w 2 tea 8080']"],
  ])("may follow: %s", (before, after) => expect(judged(before, after, moved)).toEqual([]));

  test.each([
    ["to a port that it has not", "args: [--tea=tea:80]", "args: [--tea=tea:9090]"],
    [
      "of a host that is none of its",
      "env: [{name: TEA_HOST, value: far}, {name: TEA_PORT, value: '80'}]",
      "env: [{name: TEA_HOST, value: far}, {name: TEA_PORT, value: '8080'}]",
    ],
    ["of another Service", "command: [sh, -c, 'nc -z milk 80']", "command: [sh, -c, 'nc -z milk 8080']"],
  ])("may not change %s", (_, before, after) => expect(judged(before, after, moved)).not.toEqual([]));
});
