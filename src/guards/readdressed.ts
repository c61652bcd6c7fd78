import { type Json, type KubeObject, listAt, textAt } from "../cluster/objects.ts";
import { thenAndNow } from "../source/delivery/manifests-beside.ts";
import { type FieldChange, getIn } from "../source/edit/field-path.ts";
import { addressedTo, mergedServices } from "../source/meant/merged-service.ts";
import { askedBeside, type MovedNeighbour, movedNeighbours } from "../source/meant/moved-neighbour.ts";
import { askedInVain, type MovedPort, movedPorts, portBeside, reported, type Setting } from "../source/meant/moved-service.ts";
import { calledOtherwise, readdressed, renamedServices } from "../source/meant/renamed-service.ts";
import type { Grounds } from "./grounds.ts";
import { inContainer, podSpecOf } from "./pod-template.ts";
import { findTarget } from "./target-match.ts";

/**
 * Whether a value is the old one with the addresses of Services that have another name, or another port, led to where they are now, and nothing else
 * (source/meant/renamed-service.ts, source/meant/moved-service.ts). @param name of the setting
 */
export function isReaddressed(grounds: Grounds, name: string, before: Json | undefined, after: Json | undefined): boolean {
  const { input, object } = grounds;
  if (input.proposal.failureClass !== "dependency-address" || typeof before !== "string") return false;
  const namespace = object.namespace || input.target.namespace;
  const renamed = [...renamedServices(...thenAndNow(input.lastGood, input)), ...calledOtherwise(input.rendered)];
  const merged = mergedServices(input.lastGood ?? [], input.rendered);
  const follows = [
    ...neighboursOf(grounds).map((one) => (value: string) => askedBeside(value, one)),
    ...merged.map((one) => (value: string) => addressedTo(value, one, namespace)),
    ...renamed.map((one) => (value: string) => readdressed(name, value, one, namespace)),
    ...movesFor(grounds, { name, value: before, beside: [] }).map((moved) => (value: string) => reported(value, moved, namespace)),
  ];
  const all = follows.reduce((value, follow) => follow(value) ?? value, before);
  return (all !== before && all === after) || follows.some((follow) => follow(before) === after);
}

/** Whether a variable holds the new port of the Service whose name the variable beside it holds. */
export function isPortOfHost(grounds: Grounds, { path, before, after }: FieldChange, name: string): boolean {
  const { input, object } = grounds;
  const place = inContainer(object.kind, path);
  const workload = place && findTarget(input.rendered, object);
  if (input.proposal.failureClass !== "dependency-address" || !workload || typeof before !== "string") return false;
  const beside = listAt(getIn(workload, place.container), "env").map((item) => ({ name: textAt(item, "name"), value: textAt(item, "value") }));
  const setting = { name, value: before, beside };
  return movesFor(grounds, setting).some((moved) => portBeside(setting, moved, object.namespace || input.target.namespace) === after);
}

/** Ports of the workload's own pod that moved. */
function neighboursOf({ input, object }: Grounds): MovedNeighbour[] {
  const [then, now] = [input.lastGood ?? [], input.rendered].map((objects) => findTarget(objects, object));
  return then && now ? movedNeighbours(podSpecOf(then), podSpecOf(now)) : [];
}

function movesFor({ input, object }: Grounds, setting: Setting): MovedPort[] {
  const services = input.rendered.filter(({ kind }: KubeObject) => kind === "Service");
  const inVain = services.flatMap((service) => askedInVain(setting, service, object.namespace || input.target.namespace));
  return [...movedPorts(input.lastGood ?? [], input.rendered), ...inVain];
}
