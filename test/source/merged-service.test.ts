import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { addressedTo, mergedServices } from "../../src/source/meant/merged-service.ts";

function service(name: string, ports: JsonObject[], app = "stock"): KubeObject {
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "shop" }, spec: { selector: { app }, ports } };
}

const HTTP = { name: "http", port: 80, targetPort: "http" };
const THEN = [service("stock", [HTTP]), service("stock-admin", [{ name: "http", port: 80, targetPort: "admin" }])];
const NOW = [service("stock", [HTTP, { name: "admin", port: 8081, targetPort: "admin" }])];

/** What becomes of an address. */
function led(value: string, now = NOW): string | undefined {
  const [merged] = mergedServices(THEN, now);
  return merged && addressedTo(value, merged, "shop");
}

test.each([
  ["http://stock-admin/v1", "http://stock:8081/v1"],
  ["http://stock-admin:80/v1", "http://stock:8081/v1"],
  ["stock-admin.shop.svc:80", "stock.shop.svc:8081"],
  ["http://$(STOCK_ADMIN_SERVICE_HOST)/v1", "http://$(STOCK_SERVICE_HOST):8081/v1"],
  ["http://$(STOCK_ADMIN_SERVICE_HOST):$(STOCK_ADMIN_SERVICE_PORT)", "http://$(STOCK_SERVICE_HOST):$(STOCK_SERVICE_PORT_ADMIN)"],
  ["http://stock-admin:9000", undefined],
  ["http://stock/v1", undefined],
  ["the stock-admin is away", undefined],
])("%s becomes %s", (value, after) => {
  expect(led(value)).toBe(after);
});

test("nothing is merged where the port did not come, the pods are others, or the Service is still there", () => {
  expect(mergedServices(THEN, [service("stock", [HTTP])])).toEqual([]);
  expect(mergedServices(THEN, [service("stock", [HTTP, { port: 8081, targetPort: "admin" }], "other")])).toEqual([]);
  expect(mergedServices(THEN, [...THEN, ...NOW])).toEqual([]);
});
