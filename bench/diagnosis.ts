import { homedir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseOperatorConfig } from "../src/config/operator.ts";
import { AutofixError } from "../src/errors.ts";
import { createRepairParts } from "../src/parts.ts";
import { findRenderers, type Renderers } from "../src/source/render/renderers.ts";
import { fetchRenderers } from "../test/standins/renderers.ts";
import { type BenchCase, callersPath, loadCases } from "./diagnosis/cases.ts";
import { historyOnly } from "./diagnosis/history-only.ts";
import { type Judged, judge } from "./diagnosis/judge.ts";
import { type Player, play } from "./diagnosis/play.ts";
import { type CaseResult, renderReport, summarise } from "./diagnosis/report.ts";

const HELP = `npm run bench -- diagnosis [--cases DIR] [--json] [--verbose]

  --cases DIR   folders in the recordings' published format (scenario.json, objects.json, logs/, sequence.jsonl.gz, repository/before|after, optionally
                expected.json: see test/recordings/README.md); default: the project's own recordings
  --json        everything as JSON
  --verbose     each case's outcome, not only the ones that are not right

A model is asked where OPENAI_API_KEY or OPENAI_BASE_URL is set (and OPENAI_MODEL); else the two ways that need one are named as skipped.
Exit code: 0 done, 1 where a case could not be read or played, 2 wrong usage.
`;

/** The ways to diagnose that are compared. */
interface Way {
  name: string;
  /** Undefined: skipped, for this reason. */
  player?: Player;
  skipped?: string;
}

export async function run(args: readonly string[]): Promise<number> {
  const { cases: folder, json, verbose, help } = options(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const loaded = loadCases(folder === undefined ? undefined : callersPath(folder, process.env));
  const cases = loaded.flatMap((one) => (one.kind === "loaded" ? [one.case] : []));
  const broken = loaded.flatMap((one) => (one.kind === "broken" ? [{ case: one.name, error: one.error }] : []));
  const ways = waysOf(await renderersFor());
  const results: CaseResult[] = [];
  for (const way of ways) for (const one of way.player ? cases : []) results.push(await resultOf(way, one));
  const report = { skipped: ways.flatMap(({ name, skipped }) => (skipped ? [{ way: name, why: skipped }] : [])), broken, results, summary: summarise(results) };
  console.log(json ? JSON.stringify(report, null, 1) : renderReport(report, verbose));
  return broken.length > 0 || results.some(({ error }) => error !== undefined) ? 1 : 0;
}

function options(args: readonly string[]) {
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { cases: { type: "string" }, json: flag, verbose: flag, help: flag } }).values;
  } catch (thrown) {
    throw new AutofixError("cli/usage", `${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${HELP}`);
  }
}

async function renderersFor(): Promise<Renderers> {
  const onPath = findRenderers({ path: process.env.PATH ?? "", cache: join(homedir(), ".cache/kube-autofix/bin") });
  if (onPath.kustomize && onPath.helm) return onPath;
  const fetched = await fetchRenderers();
  if (fetched.kind === "ready") return fetched.renderers;
  console.error(`Cases that need kustomize or helm will escalate: ${fetched.reason}`);
  return onPath;
}

function waysOf(renderers: Renderers): Way[] {
  const config = parseOperatorConfig(process.env);
  const nothing = { cluster: { logs: async () => "" }, now: () => new Date() };
  const { model: _, ...withoutModel } = config;
  const playbook = { parts: createRepairParts({ ...withoutModel, engine: "playbook" }, nothing), renderers };
  const bounds = playbook.parts.bounds;
  const ways: Way[] = [
    { name: "history only", player: { parts: { bounds, diagnose: historyOnly }, renderers, history: true } },
    { name: "playbook without history", player: { ...playbook, history: false } },
  ];
  if (!config.model) {
    const skipped = "no model is configured (OPENAI_API_KEY or OPENAI_BASE_URL, OPENAI_MODEL)";
    return [...ways, { name: "model only", skipped }, { name: "all together (playbook and history; no model)", player: { ...playbook, history: true } }];
  }
  const model = createRepairParts({ ...config, engine: "model" }, nothing);
  const auto = createRepairParts({ ...config, engine: "auto" }, nothing);
  return [
    ...ways,
    { name: "model only", player: { parts: model, renderers, history: true } },
    { name: "all together", player: { parts: auto, renderers, history: true } },
  ];
}

async function resultOf({ name: way, player }: Way, benchCase: BenchCase): Promise<CaseResult> {
  const about = { way, case: benchCase.recording.id, answer: benchCase.answer, group: benchCase.expected?.class[0] ?? benchCase.answer };
  if (!player) return { ...about, verdict: "missed", detail: "skipped" };
  try {
    const judged: Judged = judge(benchCase, await play(benchCase.recording, player));
    return { ...about, ...judged };
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown.message : String(thrown);
    return { ...about, verdict: "missed", detail: `error: ${error}`, error };
  }
}
