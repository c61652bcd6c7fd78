import { randomBytes } from "node:crypto";
import type { KubeClient } from "./cluster/client.ts";
import { deliverySources } from "./cluster/delivery-sources.ts";
import { sameRef } from "./cluster/objects.ts";
import type { Cluster } from "./cluster/observation.ts";
import { createDiagnostician, type Engine } from "./diagnosis/diagnose.ts";
import { createModelClient } from "./diagnosis/model-client.ts";
import type { Bounds } from "./guards/gate.ts";
import { identify } from "./incident/identify.ts";
import type { RepairParts } from "./repair.ts";
import type { Opener } from "./source/open.ts";
import { openWorkspace } from "./source/open-workspace.ts";
import type { Neighbours } from "./source/other-deliveries.ts";
import { findRenderers, type RendererSettings } from "./source/renderers.ts";

/** What both the App and the dry run need of the settings. */
export interface RepairSettings {
  engine: Engine;
  model?: { name: string; apiKey: string; baseUrl?: string };
  bounds: Bounds;
}

/** The parts of the search for a fix. `signal` ends requests to a model when the program stops. */
export function createRepairParts(settings: RepairSettings, given: { cluster: Pick<Cluster, "logs">; now: () => Date; signal?: AbortSignal }): RepairParts {
  const { engine, model, bounds } = settings;
  const client = model && createModelClient({ model: model.name, client: { apiKey: model.apiKey, ...(model.baseUrl ? { baseURL: model.baseUrl } : {}) } });
  const diagnostician = createDiagnostician({ engine, random: () => randomBytes(12).toString("hex"), ...(client ? { model: client } : {}) });
  return { cluster: given.cluster, now: given.now, bounds, diagnose: (input) => diagnostician.diagnose(input, given.signal) };
}

/** Opens workspaces that render with the binaries found on this machine. */
export function createWorkspaces(settings: RendererSettings, neighbours?: Neighbours): Opener["workspace"] {
  const renderers = findRenderers(settings);
  return (tree, source) => openWorkspace({ tree, source, renderers, ...(neighbours ? { neighbours } : {}) });
}

/** Who else is delivered, and whether the same fails there: a fix of what they share is welcome only then. */
export function createNeighbours(client: KubeClient, cluster: Pick<Cluster, "observe">, now: () => number): Neighbours {
  return {
    deliveries: deliverySources(client, now),
    async wants(key, objects) {
      const observation = await cluster.observe(key);
      const failing = observation ? identify(observation).map(({ target }) => target) : [];
      return objects.every((object) => failing.some((target) => sameRef(target, object)));
    },
  };
}
