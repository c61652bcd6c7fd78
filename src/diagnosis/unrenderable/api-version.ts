import { type Hunk, hunksBetween, putBack } from "../../source/hunks.ts";
import { readTextBasis, type TextBasis } from "../../source/text-basis.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import type { TextRepair } from "./text-repair.ts";

const UNKNOWN = /no matches for kind "(\w{1,63})" in version "([\w./-]{1,120})"|could not find ([\w./-]{1,120})\/(\w{1,63}) for requested resource/;

/** A kind in a version that the cluster does not know, as the API server or Argo CD names it. */
export interface UnknownKind {
  kind: string;
  apiVersion: string;
}

export function unknownKind(message: string): UnknownKind | undefined {
  const found = UNKNOWN.exec(message.slice(0, 8000));
  if (!found) return undefined;
  return { kind: found[1] ?? found[4] ?? "", apiVersion: found[2] ?? found[3] ?? "" };
}

/** Puts back the apiVersion lines that came since the last good revision and that the cluster's complaint names. */
export async function repairApiVersion(input: DiagnosisInput): Promise<{ basis: TextBasis; repair: TextRepair } | undefined> {
  const { workspace, lastGood, incident } = input;
  const complaint = incident.symptoms.map(({ message }) => unknownKind(message)).find((found) => found !== undefined);
  if (!complaint || !lastGood) return undefined;
  const basis = await readTextBasis(workspace, lastGood.workspace);
  const wrong = basis.files.flatMap(({ path, text, lastGood: past }) =>
    past === undefined || text === undefined
      ? []
      : hunksBetween(path, past, text).filter((hunk) => says(hunk.after, complaint.apiVersion) && says(hunk.before)),
  );
  if (wrong.length === 0) return undefined;
  const files = basis.files.flatMap(({ path, text = "" }) => {
    const own = wrong.filter((hunk) => hunk.path === path);
    return own.length === 0 ? [] : [{ path, before: text, after: putBack(text, own) }];
  });
  const outcome = await workspace.renderWith(files);
  if (outcome.kind !== "rendered") return undefined;
  const hunks = wrong.map(({ path, at, before, after }): Hunk => ({ path, at, before: after, after: before }));
  return { basis, repair: { how: "restored", files, hunks } };
}

function says(lines: readonly string[], version?: string): boolean {
  const found = /^apiVersion: *["']?([\w./-]{1,120})["']?\s*$/.exec(lines[0] ?? "");
  return lines.length === 1 && found !== null && (version === undefined || found[1] === version);
}
