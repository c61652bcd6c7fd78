import { randomBytes } from "node:crypto";
import type { Cluster } from "./cluster/observation.ts";
import { createDiagnostician, type Engine } from "./diagnosis/diagnose.ts";
import { createModelClient } from "./diagnosis/model-client.ts";
import type { Bounds } from "./guards/gate.ts";
import type { RepairParts } from "./repair.ts";
import type { Opener } from "./source/open.ts";
import { openWorkspace } from "./source/open-workspace.ts";
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
export function createWorkspaces(settings: RendererSettings): Opener["workspace"] {
  const renderers = findRenderers(settings);
  return (tree, source) => openWorkspace({ tree, source, renderers });
}
