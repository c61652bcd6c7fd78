// Where two containers of a pod want one port, what tells the one its port may become the port that it declares and no other container knows, where nothing
// ever worked otherwise. The declared port is the manifest's own word: no log has a say in it.
import { isObject, type Json, type KubeObject, listAt, numberAt, objectAt, stringsIn, textAt } from "../../cluster/objects.ts";
import { isSideDoor } from "../../evidence/listening.ts";
import type { FailureClass } from "../../incident/failure-class.ts";
import { type FieldChange, getIn, startsWith } from "../../source/edit/field-path.ts";
import { type Grounds, isFromHistory } from "../grounds.ts";
import { namesToken } from "../nearness.ts";
import { containersOf, inContainer } from "../pod-template.ts";
import { findTarget } from "../target-match.ts";

const PROBED: readonly FailureClass[] = ["liveness-probe", "readiness-probe", "startup-probe"];

/**
 * Under a probe's failure the program is told the number that its declared port has now, where it is told the one that the last good revision declared under the
 * same name, and nobody declares that one in this container any more.
 */
export function followsMovedPort({ input, object }: Grounds, name: string, change: FieldChange): boolean {
  const { target, failureClass } = input.proposal;
  const isOurs = object.kind === "ConfigMap" || inContainer(object.kind, change.path)?.name === target.container;
  const containerIn = (objects: readonly KubeObject[]) => {
    const workload = findTarget(objects, target.object);
    return workload && containersOf(workload).find((one) => one.name === target.container);
  };
  const [own, then] = [containerIn(input.rendered)?.container, containerIn(input.lastGood ?? [])?.container];
  const moved = onlyNumberIn(change.before, change.after);
  if (!PROBED.includes(failureClass) || !isOurs || !own || !then || !moved || isSideDoor(name) || portsOf(own).includes(moved.from)) return false;
  return listAt(own, "ports").some((port) => {
    const old = listAt(then, "ports").find((one) => textAt(port, "name") !== "" && textAt(one, "name") === textAt(port, "name"));
    return numberAt(old, "containerPort") === moved.from && numberAt(port, "containerPort") === moved.to;
  });
}

/** An argument that the last good revision had behind the same option, in a list that got longer or shorter since, where nothing else of it goes back. */
export function isArgumentBack({ input, object, lastGood, changes }: Grounds, { path, before, after }: FieldChange): boolean {
  const [list, at] = [path.slice(0, -1), path.at(-1)];
  const isAlone = changes.filter((one) => startsWith(one.path, list)).length === 1;
  const now = findTarget(input.rendered, object);
  const [then, today] = [lastGood, now].map((one) => one && getIn(one, list));
  if (path.at(-2) !== "args" || typeof at !== "number" || at === 0 || !Array.isArray(then) || !Array.isArray(today)) return false;
  const option = today[at - 1];
  const isOption = typeof option === "string" && option.startsWith("-") && [then, today].every((all) => all.filter((one) => one === option).length === 1);
  return isAlone && isOption && typeof after === "string" && then[then.indexOf(option) + 1] === after && today[at] === before && !today.includes(after);
}

/** @returns false also where it is no port conflict, or the container ran before */
export function followsDeclaredPort(grounds: Grounds, change: FieldChange): boolean {
  const { input, object, lastGood } = grounds;
  const place = input.proposal.failureClass === "port-conflict" ? inContainer(object.kind, change.path) : undefined;
  const workload = place && findTarget(input.rendered, object);
  const own = workload && getIn(workload, place.container);
  if (!workload || !isObject(own) || (lastGood && getIn(lastGood, place.container) !== undefined) || isFromHistory(grounds, change)) return false;
  const moved = onlyNumberIn(change.before, change.after);
  if (!moved || moved.to < 1024 || moved.to > 65535 || !portsOf(own).includes(moved.to) || portsOf(own).includes(moved.from)) return false;
  const others = containersOf(workload).filter(({ list, name }) => list !== place.list || name !== place.name);
  const isKnown = others.some(
    ({ container }) => stringsIn(container).some((text) => namesToken(text, String(moved.to))) || portsOf(container).includes(moved.to),
  );
  const isWanted = others.some(
    ({ container }) => stringsIn(container).some((text) => namesToken(text, String(moved.from))) || portsOf(container).includes(moved.from),
  );
  return isWanted && !isKnown;
}

function portsOf(container: Json): number[] {
  return listAt(container, "ports").flatMap((port) => {
    const number = objectAt(port).containerPort;
    return typeof number === "number" ? [number] : [];
  });
}

/** The number at the end of the one text that differs, where nothing else differs. */
function onlyNumberIn(before: Json | undefined, after: Json | undefined): { from: number; to: number } | undefined {
  const [was, is] = [before, after].map((value) => (Array.isArray(value) ? value : value === undefined ? [] : [value]));
  const pairs = (was ?? []).map((word, i) => [word, is?.[i]]).filter(([a, b]) => a !== b);
  const [old, now] = pairs[0] ?? [];
  if (was?.length !== is?.length || pairs.length !== 1 || typeof old !== "string" || typeof now !== "string") return undefined;
  const [a, b] = [old, now].map((text) => /^(.{0,200}?)(\d{1,5})$/.exec(text));
  return a && b && a[1] === b[1] ? { from: Number(a[2]), to: Number(b[2]) } : undefined;
}

/**
 * Under a port conflict a new container may be told the one port that it declares, in a variable by which another container of the delivery is told the port
 * that that one declares. @param name of the variable
 */
export function isToldDeclaredPort({ input, object, lastGood, after }: Grounds, { path }: FieldChange, name: string): boolean {
  const place = input.proposal.failureClass === "port-conflict" ? inContainer(object.kind, path) : undefined;
  const workload = place && findTarget(input.rendered, object);
  const own = workload && getIn(workload, place.container);
  if (!workload || !isObject(own) || (lastGood && getIn(lastGood, place.container) !== undefined) || variableOf(own, name) !== undefined) return false;
  const [port, ...more] = portsOf(own);
  const isCustom = input.rendered.flatMap(containersOf).some(({ container }) =>
    portsOf(container)
      .map(String)
      .includes(variableOf(container, name) ?? ""),
  );
  const value = variableOf(getIn(after, place.container), name);
  return isCustom && port !== undefined && port >= 1024 && more.length === 0 && value === String(port);
}

function variableOf(container: Json | undefined, name: string): string | undefined {
  const found = listAt(container ?? null, "env").find((item) => textAt(item, "name") === name);
  return found === undefined ? undefined : textAt(found, "value");
}
