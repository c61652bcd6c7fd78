import { at, listAt, textAt } from "../../../cluster/objects.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import { variablesOf } from "../../environment.ts";
import type { ContainerAt } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import type { ProbeField } from "./probe-blame.ts";

/** Words in the name of a setting that say which probe's question a program answers there. */
const MEANT: Readonly<Record<ProbeField, RegExp>> = {
  readinessProbe: /(?:^|_)READ(?:Y|YZ|INESS)(?:_|$)/i,
  livenessProbe: /(?:^|_)(?:LIVE|LIVEZ|LIVENESS|HEALTH|HEALTHZ)(?:_|$)/i,
  startupProbe: /(?:^|_)(?:STARTUP|LIVE|LIVEZ|LIVENESS|HEALTH|HEALTHZ)(?:_|$)/i,
};
const IS_PATH = /(?:^|_)(?:PATH|ENDPOINT|ROUTE|URI)(?:_|$)/i;

/**
 * The one setting of a container that says where it answers a probe's question, which the probe asks elsewhere and is not found: of a first release, or one that the
 * container did not have before (`then`). Undefined where the program is told nothing, or several things, or what the probe asks as well.
 */
export function toldPath(
  { input, now, found, statement }: Pick<CrashCase, "input" | "now" | "found" | "statement">,
  field: ProbeField,
  then?: ContainerAt,
): ObjectChange | undefined {
  const asked = textAt(found.value, field, "httpGet", "path");
  const variables = variablesOf(input, now, found).filter(({ value }) => /^\/[\w./-]{1,100}$/.test(value));
  const old = new Set(listAt(then?.value ?? null, "env").map((item) => textAt(item, "name")));
  const told = variables.filter(({ name }) => MEANT[field].test(name) && IS_PATH.test(name) && !old.has(name));
  const [only, ...others] = told;
  if (asked === "" || !only || others.length > 0 || variables.some(({ value }) => value === asked)) return undefined;
  return { object: statement.object, path: [...found.path, field, "httpGet", "path"], before: at(found.value, field, "httpGet", "path"), after: only.value };
}

/** Where another probe of the container asks today that asked the same as this one until the commit: the program's answer moved, and this probe was forgotten. */
export function movedBeside(then: ContainerAt, found: ContainerAt, field: ProbeField): { before: string; after: string } | undefined {
  const pathOf = ({ value }: ContainerAt, probe: string) => textAt(value, probe, "httpGet", "path");
  const before = pathOf(found, field);
  const moved = Object.keys(MEANT).filter((probe) => probe !== field && pathOf(then, probe) === before && pathOf(found, probe) !== before);
  const [after, ...more] = new Set(moved.map((probe) => pathOf(found, probe)).filter((path) => path !== ""));
  return before === "" || pathOf(then, field) !== before || after === undefined || more.length > 0 ? undefined : { before, after };
}
