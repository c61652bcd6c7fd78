import { textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import type { Renamed } from "../../../source/meant/renamed.ts";
import { namesOldService, readdressed, renamedServices } from "../../../source/meant/renamed-service.ts";
import type { Finding } from "../../diagnosis.ts";
import { type CrashCase, complaints, withLine } from "../crash/crash-case.ts";
import { CONFIDENCE, fix, place } from "../entry.ts";
import { aboutContainer, holdersOf } from "./addresses.ts";
import { UNREACHED } from "./unreached.ts";

/** A container whose program fails or is not ready, and what it logs. */
export type Program = Pick<CrashCase, "input" | "container" | "now" | "found" | "log" | "statement">;

/**
 * A Service has another name since the commit, and the program's own words show that it still asks for the old one: all addresses of it that the workload holds
 * follow, in variables, arguments and ConfigMaps.
 */
export function serviceRenamed(program: Program): Finding | undefined {
  const { input, now, found, statement } = program;
  for (const renamed of renamedServices(...thenAndNow(input.lastGood?.objects, input))) {
    const line = lineAbout(program, renamed);
    const holders = holdersOf(input, now, found, ({ name, value }) => readdressed(name, value, renamed, statement.object.namespace));
    if (!line || holders.own.length === 0) continue;
    const [old, today] = [renamed.from, renamed.to].map((service) => textAt(service, "metadata", "name"));
    const rootCause = `${place(statement.object, statement.container)} asks for Service ${old}, which is called ${today} since the last commits.`;
    const said = withLine(program, line, { ...statement, failureClass: "dependency-address" as const, rootCause, confidence: CONFIDENCE.likely });
    return fix(
      { ...said, container: aboutContainer(said.container, holders, now) },
      [...holders.own, ...holders.beside],
      [`Ask for Service ${today} instead of ${old}, which has another name now`],
    );
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
