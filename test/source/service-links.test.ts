import { expect, test } from "vitest";
import type { KubeObject } from "../../src/cluster/objects.ts";
import { isLinkOf, linkTaken } from "../../src/source/meant/service-links.ts";

const service = (name: string, port: number, spec: KubeObject["spec"] = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, namespace: "shop" },
  spec: { ports: [{ port }], ...(spec as object) },
});
const BOARD = service("order-board", 80);
const LINE = 'board: ORDER_BOARD_PORT: not a port number: "tcp://10.96.196.134:80"';

test("a program takes the link of the Service that is called as its own setting is", () => {
  expect(linkTaken([BOARD], [{ name: "main" }], LINE)).toBe("ORDER_BOARD_PORT");
  expect(linkTaken([BOARD], [{}], 'invalid literal for int() with base 10: "tcp://10.96.196.134:80"')).toBe("ORDER_BOARD_PORT");
});

test.each<[string, readonly KubeObject[], object, string]>([
  ["where no Service has that port", [service("order-board", 8080)], {}, LINE],
  ["where the Service has no address", [service("order-board", 80, { clusterIP: "None" })], {}, LINE],
  ["where an address is only not reached", [BOARD], {}, "dial tcp://10.96.196.134:80: connect: connection refused"],
  ["where git sets the variable", [BOARD], { env: [{ name: "ORDER_BOARD_PORT", value: "8080" }] }, LINE],
  ["where a container uses the links", [BOARD, service("stock", 80)], { args: ["--stock=$(STOCK_SERVICE_HOST)"] }, LINE],
  ["where several Services have that port and none is named", [BOARD, service("stock", 80)], {}, "tcp://10.96.196.134:80 is not a number"],
])("not %s", (_, services, container, line) => expect(linkTaken(services, [container as never], line)).toBeUndefined());

test("a variable that only a Service brings", () => {
  expect(isLinkOf([BOARD], "ORDER_BOARD_SERVICE_HOST")).toBe(true);
  expect(isLinkOf([BOARD], "STOCK_SERVICE_HOST")).toBe(false);
});
