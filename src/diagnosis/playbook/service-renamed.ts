import { type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { type FieldPath, samePath } from "../../source/field-path.ts";
import type { Renamed } from "../../source/renamed.ts";
import { namesOldService, readdressed, renamedServices } from "../../source/renamed-service.ts";
import type { ObjectChange } from "../../source/workspace.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { settingsOf } from "../settings.ts";
import { type ContainerAt, containersOf } from "../workload.ts";
import { type CrashCase, complaints, withLine } from "./crash-case.ts";
import { CONFIDENCE, fix, place } from "./entry.ts";
import { UNREACHED } from "./external.ts";

/** A container whose program fails or is not ready, and what it logs. */
type Program = Pick<CrashCase, "input" | "container" | "now" | "found" | "log" | "statement">;

/**
 * A Service has another name since the commit, and the program's own words show that it still asks for the old one: all addresses of it that the workload holds
 * follow, in variables, arguments and ConfigMaps.
 */
export function serviceRenamed(program: Program): Finding | undefined {
  const { input, now, found, statement } = program;
  for (const renamed of renamedServices(input.lastGood?.objects ?? [], input.rendered)) {
    const line = lineAbout(program, renamed);
    const own = addressesIn(input, now, found, renamed);
    if (!line || own.length === 0) continue;
    const others = containersOf(now).filter(({ path }) => !samePath(path, found.path));
    const beside = others.flatMap((container) => addressesIn(input, now, container, renamed)).filter((change) => !own.some((one) => isSame(one, change)));
    const [old, today] = [renamed.from, renamed.to].map((service) => textAt(service, "metadata", "name"));
    const rootCause = `${place(statement.object, statement.container)} asks for Service ${old}, which is called ${today} since the last commits.`;
    const said = withLine(program, line, { ...statement, failureClass: "dependency-address" as const, rootCause, confidence: CONFIDENCE.likely });
    return fix({ ...said, container: beside.some(({ object }) => object.kind === now.kind) ? undefined : said.container }, unique([...own, ...beside]), [
      `Ask for Service ${today} instead of ${old}, which has another name now`,
    ]);
  }
  return undefined;
}

/** The last line that names the old Service where something is not reached, or that complains, or the very last one. */
function lineAbout({ log, statement }: Program, renamed: Renamed) {
  const { namespace } = statement.object;
  const isUnreached = (text: string) => UNREACHED.test(text.slice(0, 2000));
  const lines = [...complaints({ log }), ...log.filter(({ text }) => isUnreached(text)), ...log.slice(-1)];
  return lines.findLast(({ text }) => namesOldService(text, renamed, namespace));
}

/** What of a container, and of the ConfigMaps that it reads, holds an address of the old Service. */
function addressesIn(input: DiagnosisInput, now: KubeObject, container: ContainerAt, renamed: Renamed): ObjectChange[] {
  const { path, value } = container;
  const object = input.incident.target;
  const change = (ref: ObjectChange["object"], at: FieldPath, name: string, before: unknown): ObjectChange[] => {
    const after = typeof before === "string" ? readdressed(name, before, renamed, object.namespace) : undefined;
    return typeof before === "string" && after !== undefined ? [{ object: ref, path: at, before, after }] : [];
  };
  const variables = listAt(value, "env").flatMap((item) => {
    const name = textAt(item, "name");
    return change(object, [...path, "env", { key: "name", value: name }, "value"], name, textAt(item, "value"));
  });
  const words = listAt(value, "args").flatMap((word, i) => change(object, [...path, "args", i], "", word));
  const settings = settingsOf(input, now, container).flatMap((one) => change(one.map, ["data", one.key], one.key, one.value));
  return unique([...variables, ...words, ...settings]);
}

function unique(changes: readonly ObjectChange[]): ObjectChange[] {
  return changes.filter((change, i) => changes.findIndex((other) => isSame(other, change)) === i);
}

function isSame(a: ObjectChange, b: ObjectChange): boolean {
  return a.object.kind === b.object.kind && a.object.name === b.object.name && samePath(a.path, b.path);
}
