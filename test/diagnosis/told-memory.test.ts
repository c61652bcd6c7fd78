import { describe, expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { limitTold } from "../../src/diagnosis/playbook/told-memory.ts";
import { containersOf } from "../../src/diagnosis/workload.ts";

/** The limit that a container's own settings ask for, where twice the old one (96Mi) does not reach. */
function told(container: JsonObject): string | undefined {
  const spec = { template: { spec: { containers: [{ name: "web", ...container }] } } };
  const workload: KubeObject = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", namespace: "shop" }, spec };
  const [found] = containersOf(workload);
  return found && limitTold({ rendered: [workload] } as unknown as DiagnosisInput, workload, found, "96Mi");
}

const env = (name: string, value: string) => ({ env: [{ name, value }] });

describe("the memory that a program is told to use, with room beside it", () => {
  test.each([
    ["by its unit in the name", env("CACHE_MB", "80"), "128Mi"],
    ["by its unit in the value", env("INDEX_CACHE", "0.1g"), undefined],
    ["as an amount of memory with a unit", env("CACHE_SIZE", "100MB"), "144Mi"],
    ["by an option of the JVM", env("JAVA_TOOL_OPTIONS", "-XX:+UseG1GC -Xmx120m"), "176Mi"],
    ["by an option of Node.js", { args: ["--max-old-space-size=128", "dist/server.js"] }, "176Mi"],
    ["by an option of redis", { command: ["redis-server", "--maxmemory", "100mb"] }, "144Mi"],
    ["by the same option in one word", { command: ["sh", "-c", "redis-server --maxmemory 100mb"] }, "144Mi"],
    ["far more than the limit, so that it is about something else", env("MAX_UPLOAD_MB", "500"), undefined],
    ["less than what is tried anyway", env("CACHE_MB", "8"), undefined],
    ["in a number without any unit", env("CACHE", "500"), undefined],
    ["in a number of something else", env("MAX_ORDERS", "500m"), undefined],
  ])("%s", (_, container, limit) => {
    expect(told(container)).toBe(limit);
  });
});
