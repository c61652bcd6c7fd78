import { randomBytes } from "node:crypto";
import { connect, type KubeClient } from "./cluster/client.ts";
import { deliverySources } from "./cluster/delivery-sources.ts";
import { dryRunThrough } from "./cluster/dry-run.ts";
import { sameRef } from "./cluster/objects.ts";
import type { Cluster } from "./cluster/observation.ts";
import type { Bounds } from "./config/bounds.ts";
import type { ModelConfig } from "./config/model.ts";
import { createDiagnostician, type Engine } from "./diagnosis/diagnose.ts";
import type { DiagnosisInput } from "./diagnosis/diagnosis.ts";
import { createModelClient, type ModelClient } from "./diagnosis/model-client.ts";
import { connectModel } from "./diagnosis/model-endpoint.ts";
import { identify } from "./incident/identify.ts";
import type { RepairParts } from "./repair.ts";
import type { Neighbours } from "./source/delivery/other-deliveries.ts";
import type { Opener } from "./source/open.ts";
import { openWorkspace } from "./source/open-workspace.ts";
import { findRenderers, type RendererSettings } from "./source/render/renderers.ts";

/** What both the App and the dry run need of the settings. */
export interface RepairSettings {
  engine: Engine;
  model?: ModelConfig;
  bounds: Bounds;
  /** A kubeconfig of an account that may try changes (dry run), and nothing else. */
  dryRunKubeconfig?: string;
}

/** Parts for whichever engine a repository leaves: the operator's, or one that sends less to a model. All of them share one budget. */
export interface EngineParts extends RepairParts {
  engines: Record<Engine, RepairParts["diagnose"]>;
}

/** The parts of the search for a fix. `signal` ends requests to a model when the program stops. */
export function createRepairParts(settings: RepairSettings, given: { cluster: RepairParts["cluster"]; now: () => Date; signal?: AbortSignal }): EngineParts {
  const { engine, model, bounds, dryRunKubeconfig } = settings;
  const diagnostician = createDiagnostician({
    engine,
    random: () => randomBytes(12).toString("hex"),
    now: given.now,
    ...(model ? { model: clientOf(model), ...sizesOf(model) } : {}),
  });
  const by = (one: Engine) => (input: DiagnosisInput) => diagnostician.diagnose(input, given.signal, one);
  const engines = { playbook: by("playbook"), auto: by("auto"), model: by("model") };
  return {
    cluster: given.cluster,
    now: given.now,
    bounds,
    ...(dryRunKubeconfig ? { dryRun: dryRunThrough(connect(dryRunKubeconfig)) } : {}),
    diagnose: engines[engine],
    engines,
  };
}

/** What may pass (a rate limit, a server's error) is tried twice more before the playbook or people take over. */
const MODEL_RETRIES = 2;
/** Evidence is cut down so that questions stay near this many tokens. */
const TYPICAL_PROMPT = 6000;
/** The same question gets the same answer, where the endpoint can do that. */
const SEED = 1;

function sizesOf({ promptTokens, answerTokens, tokensPerIncident, tokensPerDay }: ModelConfig) {
  return {
    promptTokens: { typical: Math.min(TYPICAL_PROMPT, promptTokens), hard: promptTokens },
    maxOutputTokens: answerTokens,
    tokens: { perIncident: tokensPerIncident, perDay: tokensPerDay },
  };
}

function clientOf({ name, endpoint, seconds }: ModelConfig): ModelClient {
  return createModelClient({ model: name, seed: SEED }, connectModel(name, endpoint, { timeout: seconds * 1000, maxRetries: MODEL_RETRIES }));
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
