import { type KubeObject, listAt, numberAt, objectAt, refOf, textAt } from "../../../cluster/objects.ts";
import { servicesIn } from "../../../cluster/selecting.ts";
import { affixesOf, withAffixes } from "../../../source/render/affixes.ts";
import type { ObjectChange } from "../../../source/workspace.ts";
import type { Finding } from "../../diagnosis.ts";
import { nearMatch, nearOrKindred } from "../../near-match.ts";
import { settingsOf } from "../../settings.ts";
import { podLabelsOf } from "../../workload.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, fix } from "../entry.ts";
import { namesWord } from "../words.ts";

/**
 * The host that a program asks for is no Service of the delivery, and one Service is surely meant: by its name, also with the prefix that kustomize gives to names and
 * not to texts, or as the only one with that port, whose name ends with the host's (`cache` for `shop-cache`). The one variable or setting that holds the host gets its name.
 */
export function serviceMeant(
  crashCase: CrashCase,
  said: CrashCase["statement"],
  { host, port }: { host: string; port: string | undefined },
): Finding | undefined {
  const { input, statement } = crashCase;
  const [name = "", ...domain] = host.split(".");
  const services = servicesBeside(input.rendered, crashCase.now);
  const names = services.map((service) => refOf(service).name);
  const holders = holdersOf(crashCase, host);
  const [holder] = holders;
  const mention = `${holder?.path
    .filter((step) => typeof step === "object")
    .map(({ value }) => value)
    .join(" ")} ${statement.container ?? ""}`;
  const affixed = withAffixes(name, affixesOf(input.documents)).filter((one) => one !== name && names.includes(one));
  const meant = (affixed.length === 1 ? affixed[0] : undefined) ?? nearMatch(name, names) ?? meantService(name, serving(services, port), mention);
  const right = meant ?? ending(services, name, port);
  if (right === undefined || right === name || !holder || holders.length > 1) return undefined;
  const { object, path, before } = holder;
  const change: ObjectChange = { object, path, before, after: withHost(before, host, [right, ...domain].join(".")) };
  const why = meant === undefined ? `the only Service of this delivery with port ${port}` : "the only Service of this delivery with a name like it";
  return fix({ ...said, confidence: CONFIDENCE.suggested }, [change], [`Connect to ${right} instead of ${name}: ${why}`]);
}

/** The Services of a workload's namespace that lead to others: nobody asks for itself. */
export function servicesBeside(rendered: readonly KubeObject[], now: KubeObject): KubeObject[] {
  const labels = podLabelsOf(now);
  const isOwn = (service: KubeObject) => Object.entries(objectAt(service, "spec", "selector")).every(([key, value]) => labels[key] === value);
  return servicesIn(rendered, textAt(now, "metadata", "namespace")).filter((service) => !isOwn(service));
}

/**
 * The Service that a wrong name stands for: by the name itself, else as the only one of which what asks for it is called (`STOCK_URL`, container
 * `wait-for-stock`).
 */
export function meantService(wrong: string, names: readonly string[], mention: string): string | undefined {
  const words = `-${mention.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}-`;
  const mentioned = names.filter((name) => words.includes(`-${name}-`));
  return nearOrKindred(wrong, names) ?? (mentioned.length === 1 ? mentioned[0] : undefined);
}

/** The only Service with this port, where its name ends with these words. */
function ending(services: readonly KubeObject[], name: string, port: string | undefined): string | undefined {
  const [only, ...more] = port === undefined ? [] : serving(services, port);
  return only !== undefined && more.length === 0 && only.endsWith(`-${name}`) ? only : undefined;
}

/** The Services with this port; all where none is known. */
function serving(services: readonly KubeObject[], port: string | undefined): string[] {
  const fitting = services.filter((service) => port === undefined || listAt(service, "spec", "ports").some((one) => String(numberAt(one, "port")) === port));
  return fitting.map((service) => refOf(service).name);
}

interface Holder {
  object: ObjectChange["object"];
  path: ObjectChange["path"];
  before: string;
}

/** Variables and arguments of the container, and settings of one line that it reads from ConfigMaps, that name the host. */
function holdersOf({ input, now, found, statement }: CrashCase, host: string): Holder[] {
  const variables = listAt(found.value, "env").map(
    (item): Holder => ({
      object: statement.object,
      path: [...found.path, "env", { key: "name", value: textAt(item, "name") }, "value"],
      before: textAt(item, "value"),
    }),
  );
  const settings = settingsOf(input, now, found).flatMap(({ map, key, value }): Holder[] =>
    typeof value === "string" && !value.trimEnd().includes("\n") ? [{ object: map, path: ["data", key], before: value }] : [],
  );
  const args = listAt(found.value, "args").flatMap((word, i): Holder[] =>
    typeof word === "string" ? [{ object: statement.object, path: [...found.path, "args", i], before: word }] : [],
  );
  const unique = [...variables, ...args, ...settings].filter(({ before }) => namesWord(before, host));
  return unique.filter((one, i) => unique.findIndex((other) => JSON.stringify([other.object, other.path]) === JSON.stringify([one.object, one.path])) === i);
}

/** An address with another host: in `redis://redis:6379` that is not the scheme. */
function withHost(address: string, host: string, right: string): string {
  const place = new RegExp(`(^|://|[@,\\s="'])${host.replaceAll(".", "\\.")}(?=$|:\\d|[/,\\s"'])`);
  return place.test(address) ? address.replace(place, (_, before: string) => `${before}${right}`) : address.replace(host, right);
}
