import { expect, test } from "vitest";
import type { Json } from "../../src/cluster/objects.ts";
import { askedBeside, movedNeighbours } from "../../src/source/meant/moved-neighbour.ts";

function pod(port: number, more: Json[] = []): Json {
  return {
    containers: [{ name: "app", ports: [{ name: "http", containerPort: port }], env: [{ name: "PORT", value: String(port) }] }, { name: "poller" }, ...more],
  };
}

test("a port whose number is another one now", () => {
  const [moved] = movedNeighbours(pod(8080), pod(8085));
  expect(moved).toEqual({ container: "app", from: "8080", to: "8085" });
});

test("not where nothing changed, or another container has the old number", () => {
  expect(movedNeighbours(pod(8080), pod(8080))).toEqual([]);
  expect(movedNeighbours(pod(8080), pod(8085, [{ name: "proxy", ports: [{ containerPort: 8080 }] }]))).toEqual([]);
  expect(movedNeighbours(null, pod(8085))).toEqual([]);
});

test.each([
  ["http://127.0.0.1:8080/", "http://127.0.0.1:8085/"],
  ["localhost:8080", "localhost:8085"],
  ["http://[::1]:8080/x", "http://[::1]:8085/x"],
  ["http://app:8080/", undefined],
  ["127.0.0.1:80801", undefined],
  ["a.localhost:8080", undefined],
])("%s becomes %s", (value, after) => {
  expect(askedBeside(value, { container: "app", from: "8080", to: "8085" })).toBe(after);
});
