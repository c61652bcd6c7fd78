import { at, type KubeObject, listAt, type ObjectRef, refOf, sameRef, textAt } from "../../../cluster/objects.ts";
import { thenAndNow } from "../../../source/delivery/manifests-beside.ts";
import { addressedTo, type MergedService, mergedServices } from "../../../source/meant/merged-service.ts";
import { askedBeside, movedNeighbours } from "../../../source/meant/moved-neighbour.ts";
import { askedInVain, type MovedPort, movedPorts, portBeside, reported, type Setting } from "../../../source/meant/moved-service.ts";
import type { Renamed } from "../../../source/meant/renamed.ts";
import { calledOtherwise, isService, prefixOf, readdressed, renamedServices } from "../../../source/meant/renamed-service.ts";
import type { DiagnosisInput, Finding } from "../../diagnosis.ts";
import { changedSettings } from "../../settings.ts";
import { podSpecOf } from "../../workload.ts";
import { type CrashCase, complaints } from "../crash/crash-case.ts";
import { CONFIDENCE, fix } from "../entry.ts";
import { isRun } from "../settings/named-by-log.ts";
import { aboutContainer, type Follow, type Holders, holdersOf, textsOf } from "./addresses.ts";
import { meantService, servicesBeside } from "./service-meant.ts";
import type { Program } from "./service-renamed.ts";

/** A name or a port by which a Service is asked for, and that leads nowhere: since a commit, or from the beginning. */
interface Lead {
  /** The Service's old name: what a log may say of it. */
  name: string;
  /** `Service stock, which is called warehouse since the last commits` */
  what: string;
  words: string;
  follow: Follow;
}

export interface Strays extends Holders {
  leads: Lead[];
}

/** Addresses that a workload holds and that lead nowhere: of Services with another name, or another port, in git and in the cluster. */
export function straysOf(input: DiagnosisInput, { now, found }: Pick<CrashCase, "now" | "found">): Strays | undefined {
  const leads = leadsIn(input, { now, found });
  const followed = leads.filter(({ follow }) => holdersOf(input, now, found, follow).own.length > 0);
  if (followed.length === 0) return undefined;
  const all: Follow = (setting) => followed.reduce<string>((value, { follow }) => follow({ ...setting, value }) ?? value, setting.value);
  return { leads: followed, ...holdersOf(input, now, found, all) };
}

/** What is done about them. @param said of the container that fails for it */
export function ledBack(said: Program["statement"], strays: Strays, now: KubeObject): Finding {
  const rootCause = `${said.rootCause.replace(/\.$/, "")}: it asks for ${strays.leads.map(({ what }) => what).join(" and for ")}.`;
  const statement = { ...said, failureClass: "dependency-address" as const, rootCause, container: aboutContainer(said.container, strays, now) };
  return fix(
    statement,
    [...strays.own, ...strays.beside],
    strays.leads.map(({ words }) => words),
  );
}

/**
 * A program ends without a word, nothing about it changed, and it asks for a Service where that is no more: the one thing that is surely wrong. What programs say
 * for themselves comes first (external.ts).
 */
export function silentlyAstray(crashCase: CrashCase): Finding | undefined {
  const { input, now, found, changed, statement } = crashCase;
  const isSilent = complaints(crashCase).length === 0;
  if (!isSilent || changed.some(({ path }) => isRun(path)) || changedSettings(input, now, found).length > 0) return undefined;
  const strays = straysOf(input, crashCase);
  return strays && ledBack({ ...statement, confidence: CONFIDENCE.suggested }, strays, now);
}

function leadsIn(input: DiagnosisInput, program: Pick<CrashCase, "now" | "found">): Lead[] {
  const { namespace } = input.incident.target;
  const { lastGood, rendered, observation } = input;
  const { key, delivery } = observation;
  const live = [...observation.objects, ...observation.surroundings].filter(({ kind }) => kind === "Service");
  const liveOne = (ref: ObjectRef) => live.find((object) => sameRef(refOf(object), { ...ref, namespace: ref.namespace || namespace }));
  const renamed = lastGood ? renamedServices(...thenAndNow(lastGood.objects, input)) : [];
  const isNamed = ({ from }: Renamed) => renamed.some((one) => refOf(one.from).name === refOf(from).name);
  // What Flux does not prune is there as before, and no part of the delivery any more.
  const isPruned = key.kind !== "Kustomization" || at(delivery, "spec", "prune") === true;
  const names = !isPruned ? [] : [...renamed, ...calledOtherwise(rendered, live).filter((one) => !isNamed(one))].filter(({ from }) => !liveOne(refOf(from)));
  const merged = (isPruned ? mergedServices(lastGood?.objects ?? [], rendered) : []).filter(({ from }) => !liveOne(refOf(from)));
  const moved = movedPorts(lastGood?.objects ?? [], rendered);
  const told = textsOf(input, program.now, program.found).map(({ setting }) => setting);
  const isMerged = ({ from }: Renamed) => merged.some((one) => refOf(one.from).name === refOf(from).name);
  const unfilled = misnamed(told, program, [...rendered.filter(isService), ...live], servicesBeside(rendered, program.now)).filter((one) => !isMerged(one));
  const asked = told.flatMap((setting) => rendered.filter(isService).flatMap((service) => askedInVain(setting, service, namespace)));
  const isMoved = ({ service, from }: MovedPort) => moved.some((one) => one.from === from && sameRef(refOf(one.service), refOf(service)));
  const ports = [...moved, ...asked.filter((one) => !isMoved(one))].filter((one) => isGone(one, liveOne(refOf(one.service))));
  return [
    ...[...names, ...unfilled].map((one): Lead => {
      const [old, today] = [refOf(one.from).name, refOf(one.to).name];
      const since = renamed.includes(one) ? ` since the last commits` : "";
      return {
        name: old,
        what: `Service ${old}, which is called ${today}${since}`,
        words: `Ask for Service ${today} instead of ${old}: there is none of that name`,
        follow: ({ name, value }) => readdressed(name, value, one, namespace),
      };
    }),
    ...merged.map((one) => leadOfMerged(one, namespace)),
    ...leadsBeside(input, program.now),
    ...ports.map((one): Lead => {
      const { name } = refOf(one.service);
      const since = moved.includes(one) ? ` since the last commits` : "";
      return {
        name,
        what: `Service ${name} at port ${one.from}, where it is not: its port is ${one.to}${since}`,
        words: `Ask Service ${name} at port ${one.to} instead of ${one.from}, where it is`,
        follow: (setting) => reported(setting.value, one, namespace) ?? portBeside(setting, one, namespace),
      };
    }),
  ];
}

/** Ports of the pod's own containers, which another one asks by the pod's address. */
function leadsBeside({ lastGood }: DiagnosisInput, now: KubeObject): Lead[] {
  const then = lastGood?.objects.find((object) => sameRef(refOf(object), refOf(now)));
  return movedNeighbours(then ? podSpecOf(then) : null, podSpecOf(now)).map((one) => ({
    name: "localhost",
    what: `container ${one.container} of its pod at port ${one.from}, where it is not: its port is ${one.to} since the last commits`,
    words: `Ask container ${one.container} of the same pod at port ${one.to} instead of ${one.from}`,
    follow: ({ value }) => askedBeside(value, one),
  }));
}

function leadOfMerged(merged: MergedService, namespace: string): Lead {
  const [old, today] = [refOf(merged.from).name, refOf(merged.to).name];
  return {
    name: old,
    what: `Service ${old}, which is a port of ${today} since the last commits`,
    words: `Ask for Service ${today} instead of ${old}, at the port that leads where that one led`,
    follow: ({ value }) => addressedTo(value, merged, namespace),
  };
}

/** The variables that Kubernetes makes of Services (envvars.FromServices), as manifests ask for them. */
const SERVICE_HOST = /(?<!\$)\$\(([A-Z][A-Z0-9_]{0,80})_SERVICE_HOST\)/g;

/** Services that settings ask for by a variable which nobody fills in, since no Service has that name, each with the one that is surely meant. */
function misnamed(told: readonly Setting[], { found }: Pick<CrashCase, "found">, known: readonly KubeObject[], beside: readonly KubeObject[]): Renamed[] {
  const isThere = (prefix: string) => known.some((service) => prefixOf(refOf(service).name) === prefix);
  const names = beside.map((service) => refOf(service).name);
  return told.flatMap(({ name, value }) =>
    [...value.slice(0, 2000).matchAll(SERVICE_HOST)].flatMap(([, prefix = ""]): Renamed[] => {
      const wrong = prefix.toLowerCase().replaceAll("_", "-");
      const meant = isThere(prefix) ? undefined : meantService(wrong, names, `${name} ${found.name}`);
      const to = beside.find((service) => refOf(service).name === meant);
      return to ? [{ from: { ...to, metadata: { ...to.metadata, name: wrong } }, to }] : [];
    }),
  );
}

/** The cluster has the Service without that port. Who asks for a headless one speaks to the pods themselves, whatever port the Service has. */
function isGone({ service, from }: MovedPort, live: KubeObject | undefined): boolean {
  return live !== undefined && textAt(service, "spec", "clusterIP") !== "None" && !listAt(live, "spec", "ports").some((port) => at(port, "port") === from);
}
