import { createDiagnostician } from "../../src/diagnosis/diagnose.ts";
import type { DiagnosisInput } from "../../src/diagnosis/diagnosis.ts";
import { findRepair, type Repair } from "../../src/repair.ts";
import { hunksBetween } from "../../src/source/edit/hunks.ts";
import { unifiedDiff } from "../../src/source/edit/patch.ts";
import { caseOf } from "../diagnosis/case.ts";
import { fetchRenderers } from "../standins/renderers.ts";
import { loadRecording, type Recording } from "../world/recording.ts";

export const RENDERERS = await fetchRenderers();

/** Files of the good commit as the bad one has them; undefined takes a file away. */
export type Breakage = Record<string, string | undefined | ((text: string) => string)>;

export interface Played {
  input: DiagnosisInput;
  repair: Repair;
  /** `+` and `-` lines of the proposed change, or the reason why there is none. */
  outcome: string;
}

/** The recorded delivery, its good commit (or another), and a commit that breaks it in another way. */
export function broken(id: string, breakage: Breakage, good: Breakage = {}): Recording {
  const recording = loadRecording(id);
  const before = changed(recording.before, good);
  return { ...recording, before, after: changed(before, breakage) };
}

function changed(files: Record<string, string>, breakage: Breakage): Record<string, string> {
  const result = new Map(Object.entries(files));
  for (const [path, change] of Object.entries(breakage)) {
    const text = typeof change === "function" ? change(files[path] ?? "") : change;
    if (text === files[path]) throw new Error(`${path} would not change`);
    if (text === undefined) result.delete(path);
    else result.set(path, text);
  }
  return Object.fromEntries(result);
}

/** The search for a fix on it: the playbook, every guard, the real renderers. */
export async function play(recording: Recording, withheld: { lastGood?: boolean } = {}): Promise<Played> {
  if (RENDERERS.kind === "unavailable") throw new Error(RENDERERS.reason);
  const input = await caseOf(recording, withheld, RENDERERS.renderers);
  if (!input) throw new Error("nothing fails");
  const diagnostician = createDiagnostician({ engine: "playbook", random: () => "0" });
  const paths = [...new Set([...Object.keys(recording.before), ...Object.keys(recording.after)])].sort();
  const files = paths.map((path) => ({ path, before: recording.before[path], after: recording.after[path] ?? "" }));
  const repair = await findRepair(
    {
      cluster: { logs: async () => "" },
      diagnose: (given) => diagnostician.diagnose(given),
      bounds: { minimumConfidence: 0.6, memoryFactor: 4, maxMemoryGi: 64, cpuFactor: 4, maxCpu: 16, probeSeconds: 600, deadlineFactor: 4 },
      now: () => input.observation.at,
    },
    {
      incident: input.incident,
      observation: input.observation,
      workspace: input.workspace,
      history: {
        ...(input.lastGood ? { lastGood: input.lastGood } : {}),
        commits: input.commits,
        diff: input.lastGood ? unifiedDiff(files.filter(({ before, after }) => (before ?? "") !== after)) : "",
        renderDiff: "",
      },
      tried: [],
    },
  );
  return { input, repair, outcome: outcomeOf(repair) };
}

function outcomeOf(repair: Repair): string {
  if (repair.kind === "approved") {
    const { failureClass, rootCause } = repair.diagnosis.proposal;
    const lines = repair.change.files.flatMap(({ path, before, after }) =>
      hunksBetween(path, before, after).flatMap((hunk) => [...hunk.before.map((line) => `- ${line}`), ...hunk.after.map((line) => `+ ${line}`)]),
    );
    return [`${failureClass} ${repair.report.confidence.final}: ${rootCause}`, ...lines.map((line) => line.trimEnd().replaceAll("\t", "→"))].join("\n");
  }
  if (repair.kind === "refused") {
    const refusals = repair.report.findings.filter(({ verdict }) => verdict === "refused").map(({ guard, rule }) => `${guard}/${rule}`);
    return `refused ${[...new Set(refusals)].join(", ")}: ${repair.diagnosis.proposal.rootCause}`;
  }
  const { diagnosis } = repair;
  return diagnosis.kind === "escalate" ? `issue: ${diagnosis.rootCause}\n${diagnosis.advice}` : diagnosis.detail;
}
