import { pino } from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { connect } from "../../src/cluster/client.ts";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { ClusterSchemas } from "../../src/cluster/openapi.ts";
import { type ReplayCluster, type ReplayOptions, startReplayCluster } from "../standins/replay-cluster.ts";

let cluster: ReplayCluster;

afterEach(() => cluster.close());

async function schemasOf(options: ReplayOptions): Promise<ClusterSchemas> {
  cluster = await startReplayCluster(options);
  return new ClusterSchemas(connect(cluster.kubeconfig), pino({ level: "silent" }));
}

const rollout: KubeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name: "web" }, spec: { replica: 1 } };
const described: JsonObject = {
  components: {
    schemas: {
      Rollout: {
        type: "object",
        "x-kubernetes-group-version-kind": [{ group: "argoproj.io", version: "v1alpha1", kind: "Rollout" }],
        properties: { apiVersion: {}, kind: {}, metadata: {}, spec: { type: "object", properties: { replicas: { type: "integer" } } } },
      },
    },
  },
};

describe("the cluster's own schemas", () => {
  test("are read for the groups that are needed, once, and judge custom resources", async () => {
    const schemas = await schemasOf({ openApi: { "apis/argoproj.io/v1alpha1": described, "apis/apps/v1": {} } });
    const book = await schemas.bookFor([rollout]);
    expect(book?.source).toBe("the cluster (v1.35.4)");
    expect(book?.errors(rollout).map(({ message }) => message)).toEqual(["has an unknown field replica"]);
    await schemas.bookFor([rollout]);
    expect(cluster.requests.map(({ path }) => path)).toEqual(["/openapi/v3", "/openapi/v3/apis/argoproj.io/v1alpha1", "/version", "/openapi/v3"]);
    expect(new Set(cluster.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  test("are not there where the cluster describes nothing, or cannot be asked", async () => {
    const schemas = await schemasOf({});
    expect(await schemas.bookFor([rollout])).toBeUndefined();
    cluster.pause();
    expect(await schemas.bookFor([rollout])).toBeUndefined();
    cluster.resume();
  });
});
