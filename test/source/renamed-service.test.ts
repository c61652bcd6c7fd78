import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { namesOldService, readdressed, renamedServices } from "../../src/source/meant/renamed-service.ts";

interface Given {
  app?: string;
  port?: number;
  namespace?: string;
  headless?: boolean;
}

function service(name: string, { app = "tea", port = 80, namespace = "shop", headless = false }: Given = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace },
    spec: { selector: { app }, ports: [{ name: "http", port }], ...(headless ? { clusterIP: "None" } : {}) },
  };
}

const RENAMED = { from: service("green-tea"), to: service("matcha") };

describe("a Service is renamed", () => {
  const names = (then: KubeObject[], now: KubeObject[]) => renamedServices(then, now).map(({ from, to }) => `${from.metadata.name} → ${to.metadata.name}`);
  const old = service("green-tea");

  test("where one went and one came for the same pods", () => {
    expect(names([old, service("milk", { app: "milk" })], [service("matcha"), service("cream", { app: "milk" })])).toEqual([
      "green-tea → matcha",
      "milk → cream",
    ]);
  });

  test.each<[string, KubeObject[], KubeObject[]]>([
    ["two came", [old], [service("matcha"), service("sencha")]],
    ["two went", [old, service("black-tea")], [service("matcha")]],
    ["the other was there", [old, service("matcha")], [service("matcha")]],
    ["it is still there", [old], [old, service("matcha")]],
    ["the other is for other pods", [old], [service("matcha", { app: "coffee" })]],
    ["the other is in another namespace", [old], [service("matcha", { namespace: "bar" })]],
  ])("not where %s", (_, then, now) => expect(names(then, now)).toEqual([]));
});

describe("an address follows", () => {
  test.each([
    ["TEA", "$(GREEN_TEA_SERVICE_HOST):80", "$(MATCHA_SERVICE_HOST):80"],
    ["TEA", "$(GREEN_TEA_SERVICE_HOST):$(GREEN_TEA_SERVICE_PORT)", "$(MATCHA_SERVICE_HOST):$(MATCHA_SERVICE_PORT)"],
    ["TEA", "http://green-tea/cups", "http://matcha/cups"],
    ["TEA", "amqp://user:word@green-tea:80/x", "amqp://user:word@matcha:80/x"],
    ["TEA", "green-tea.shop.svc.cluster.local", "matcha.shop.svc.cluster.local"],
    ["TEA_HOST", "green-tea", "matcha"],
    ["", "--tea-url=http://green-tea:80", "--tea-url=http://matcha:80"],
    ["", "--upstream=green-tea", "--upstream=matcha"],
    [
      "app.conf",
      "name = green-tea\nurl = http://green-tea:80/\nlist = a:1,green-tea:80\n",
      "name = green-tea\nurl = http://matcha:80/\nlist = a:1,matcha:80\n",
    ],
  ])("%s %s", (name, value, after) => expect(readdressed(name, value, RENAMED, "shop")).toBe(after));

  test("from another namespace only where it is named", () => {
    expect(readdressed("TEA", "green-tea.shop:80 green-tea:80", RENAMED, "bar")).toBe("matcha.shop:80 green-tea:80");
  });
});

describe("a value stays", () => {
  test.each([
    ["TOPIC", "green-tea"],
    ["TEA", "my-green-tea:80"],
    ["TEA", "http://green-tea.example.com/"],
    ["TEA", "registry/green-tea:80"],
    ["TEA", "$$(GREEN_TEA_SERVICE_HOST)"],
    ["TEA", "http://green-tea:8080"],
    ["TEA", "green-tea.conf"],
  ])("%s %s", (name, value) => expect(readdressed(name, value, RENAMED, "shop")).toBeUndefined());

  test("where the new Service has other ports, or no address", () => {
    expect(readdressed("TEA_HOST", "green-tea", { ...RENAMED, to: service("matcha", { port: 81 }) }, "shop")).toBeUndefined();
    expect(readdressed("TEA", "$(GREEN_TEA_SERVICE_HOST):80", { ...RENAMED, to: service("matcha", { headless: true }) }, "shop")).toBeUndefined();
  });
});

test.each([
  ["nc: bad address '$(GREEN_TEA_SERVICE_HOST)'", true],
  ["dial tcp: lookup green-tea on 10.96.0.10:53: no such host", true],
  ["getaddrinfo ENOTFOUND green-tea", true],
  ["green-tea: Temporary failure in name resolution", true],
  ["wget: bad address 'green-tea:80'", true],
  ["green-tea: connection refused by the database", false],
  ["cannot connect to wait-for-green-tea", false],
  ["no connection to milk:80", false],
])("%s", (line, names) => expect(namesOldService(line, RENAMED, "shop")).toBe(names));
