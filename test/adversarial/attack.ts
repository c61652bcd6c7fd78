import type { Json } from "../../src/cluster/objects.ts";
import type { Proposal } from "../../src/diagnosis/diagnosis.ts";
import type { GateInput } from "../../src/guards/gate.ts";
import { applyChanges } from "../../src/guards/leaf-changes.ts";
import { type FieldPath, formatPath } from "../../src/source/edit/field-path.ts";
import { parseYaml } from "../../src/source/edit/yaml-documents.ts";
import type { Situation } from "../guards/situation.ts";
import { replaceOnce } from "../guards/store.ts";

/** A hostile proposal: something added to a right fix, or a wrong value in its place. */
export interface Attack {
  family: string;
  name: string;
  /** Name of the honest case (honest/written.ts) that is attacked. */
  on: string;
  /** The corrected document, made hostile. */
  yaml?: (fixed: string) => string;
  /** The answer around it, made hostile. */
  proposal?: (right: Proposal, world: Situation) => Proposal;
  input?: Partial<GateInput>;
  /** `refused`: nothing may come of it. `harmless`: refused, or only the right fix is left. */
  expect: "refused" | "harmless";
}

type Edit = readonly [name: string, from: string, to: string];

/** Attacks that replace a piece of the fixed document. */
export function replacing(family: string, on: string, expect: Attack["expect"], edits: readonly Edit[]): Attack[] {
  return edits.map(([name, from, to]) => ({ family, name, on, expect, yaml: (fixed) => replaceOnce(fixed, from, to) }));
}

/** Attacks that add fields to the pod spec of Deployment store. */
export function inPod(family: string, on: string, expect: Attack["expect"], additions: readonly (readonly [name: string, yaml: string])[]): Attack[] {
  return additions.map(([name, yaml]) => ({
    family,
    name,
    on,
    expect,
    yaml: (fixed) => replaceOnce(fixed, "      dnsPolicy: ClusterFirst\n", `      dnsPolicy: ClusterFirst\n${indent(yaml, 6)}`),
  }));
}

/** Attacks that add fields to the container store. */
export function inContainer(family: string, on: string, expect: Attack["expect"], additions: readonly (readonly [name: string, yaml: string])[]): Attack[] {
  return additions.map(([name, yaml]) => ({
    family,
    name,
    on,
    expect,
    yaml: (fixed) => replaceOnce(fixed, "          command: [/srv/store]\n", `          command: [/srv/store]\n${indent(yaml, 10)}`),
  }));
}

function indent(text: string, by: number): string {
  return text
    .split("\n")
    .map((line) => `${" ".repeat(by)}${line}\n`)
    .join("");
}

/** Attacks that set or remove (undefined) a field of the fixed document, whatever it is. The answer is JSON, which is YAML too. */
export function setting(
  family: string,
  on: string,
  expect: Attack["expect"],
  changes: readonly (readonly [name: string, path: FieldPath, value: Json | undefined])[],
): Attack[] {
  return changes.map(([name, path, value]) => ({ family, name, on, expect, yaml: (fixed) => changed(fixed, path, value) }));
}

function changed(fixed: string, path: FieldPath, value: Json | undefined): string {
  const parsed = parseYaml(fixed);
  const document = parsed.kind === "parsed" ? parsed.documents.find((one) => one.value !== null) : undefined;
  if (!document) throw new Error("the fixed document cannot be read");
  const made = JSON.stringify(applyChanges(document.value, [{ path, before: undefined, after: value }]));
  if (made === JSON.stringify(document.value)) throw new Error(`nothing changes at ${formatPath(path)}`);
  return made;
}
