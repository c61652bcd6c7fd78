import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const service = (name: string, app = "tea") =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {app: ${app}}\n  ports: [{port: 80}]\n`;
const workload = (name: string, app: string, container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  selector: {matchLabels: {app: ${app}}}\n  template:\n    metadata: {labels: {app: ${app}}}\n    spec: {containers: [{name: main, image: acme/web:1, ${container}}]}\n`;

/** Service tea is called coffee today, beside Service milk; the program's container is to change. */
function judged(before: string, after: string): string[] {
  const files = (name: string) => ({
    "basket.yaml": workload("basket", "basket", before),
    "tea.yaml": workload("tea", "tea", "args: []"),
    "milk.yaml": workload("milk", "milk", "args: []"),
    "service.yaml": service(name),
    "other.yaml": service("milk", "milk"),
  });
  const world = situation({
    files: files("coffee"),
    good: files("tea"),
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
  ])("may follow: %s", (before, after) => expect(judged(before, after)).toEqual([]));

  test.each([
    ["to another Service", "env: [{name: TEA, value: 'tea:80,x:1'}]", "env: [{name: TEA, value: 'milk:80,x:1'}]"],
    ["to somewhere else", "args: [--url=http://tea/cups]", "args: [--url=http://evil.example/cups]"],
    ["with more than the address", "args: [--url=http://tea/cups]", "args: [--url=http://coffee/admin]"],
    ["in an argument that is no address", "args: [--topic=tea]", "args: [--topic=coffee]"],
  ])("may not change %s", (_, before, after) => expect(judged(before, after)).not.toEqual([]));
});
