import { isSucceeded } from "../../cluster/api-successors.ts";
import { groupOf, type KubeObject } from "../../cluster/objects.ts";
import { type Hunk, hunksBetween, putBack } from "../../source/edit/hunks.ts";
import { apiVersionOf, linesAsking, succeeded } from "../../source/slips/api-version-lines.ts";
import { readTextBasis, type TextBasis } from "../../source/slips/text-basis.ts";
import type { DiagnosisInput } from "../diagnosis.ts";
import { repairOf, type TextRepair } from "./text-repair.ts";

/** The API server's words, which Flux and Helm pass on, and those of Argo CD: with and without another version of the kind in the cluster. */
const UNKNOWN = [
  /no matches for kind "(?<kind>\w{1,63})" in version "(?<version>[\w./-]{1,120})"/,
  /could not find version "(?<version>[\w.-]{1,63})" of (?<group>[\w.-]{1,120})\/(?<kind>\w{1,63}) for requested resource/,
  /could not find (?<version>[\w./-]{1,120})\/(?<kind>\w{1,63}) for requested resource/,
];

/** A kind in a version that the cluster does not know, as the API server or Argo CD names it. */
export interface UnknownKind {
  kind: string;
  apiVersion: string;
}

export function unknownKind(message: string, rendered: readonly KubeObject[]): UnknownKind | undefined {
  const found = UNKNOWN.map((words) => words.exec(message.slice(0, 8000))?.groups).find((groups) => groups !== undefined);
  if (!found) return undefined;
  const { kind = "", group, version = "" } = found;
  if (group !== undefined) return { kind, apiVersion: `${group}/${version}` };
  // Argo CD names the group alone where the cluster knows no version of the kind.
  const asked = rendered.find((object) => object.kind === kind && groupOf(object.apiVersion) === version);
  return { kind, apiVersion: asked?.apiVersion ?? version };
}

/** Repairs the apiVersion lines that the cluster's complaint names: what the last good revision had, else the successor that takes the same fields. */
export async function repairApiVersion(input: DiagnosisInput): Promise<{ basis: TextBasis; repair: TextRepair } | undefined> {
  const { workspace, lastGood, incident, rendered } = input;
  const complaint = incident.symptoms.map(({ message }) => unknownKind(message, rendered)).find((found) => found !== undefined);
  if (!complaint) return undefined;
  const basis = await readTextBasis(workspace, lastGood?.workspace);
  const repair = (lastGood && (await earlierVersion(input, basis, complaint))) ?? (await successor(input, basis, complaint));
  return repair && { basis, repair };
}

/** Puts back the apiVersion lines that came since the last good revision. */
async function earlierVersion({ workspace }: DiagnosisInput, basis: TextBasis, complaint: UnknownKind): Promise<TextRepair | undefined> {
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
  return { how: "restored", files, hunks };
}

/** The one line that asks for a version that Kubernetes took away, where its successor takes the objects as they are. */
async function successor({ workspace }: DiagnosisInput, basis: TextBasis, { kind, apiVersion }: UnknownKind): Promise<TextRepair | undefined> {
  const places = basis.files.flatMap(({ path, text }) => (text === undefined ? [] : linesAsking(text, kind, apiVersion).map((at) => ({ path, text, at }))));
  const [place, ...more] = places;
  const after = place && more.length === 0 ? succeeded(place.text, place.at) : undefined;
  if (!place || after === undefined) return undefined;
  const repair = repairOf("successor", place.path, place.text, after);
  const outcome = await workspace.renderWith(repair.files);
  const objects = outcome.kind === "rendered" ? outcome.objects.filter((object) => object.kind === kind) : [];
  return objects.length > 0 && objects.every(isSucceeded) ? repair : undefined;
}

function says(lines: readonly string[], version?: string): boolean {
  const found = apiVersionOf(lines[0]);
  return lines.length === 1 && found !== undefined && (version === undefined || found === version);
}
