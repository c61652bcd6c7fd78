import { type Json, listAt, numberAt, textAt } from "../../../cluster/objects.ts";
import type { FieldChange } from "../../../source/edit/field-path.ts";
import type { Finding } from "../../diagnosis.ts";
import { wordsOf } from "../../near-match.ts";
import type { CrashCase } from "../crash/crash-case.ts";
import { CONFIDENCE, escalate } from "../entry.ts";
import { leadsToMovedMount } from "../files/mount-moved.ts";
import { variableOf } from "./named-change.ts";

/** What has to go back with a variable, since alone it would lead nowhere: a host came with its port. */
export function withAlongside({ changed }: Pick<CrashCase, "changed">, blamed: readonly FieldChange[]): FieldChange[] {
  const ports = blamed.flatMap((change) => portsOf(changed, change));
  return [...blamed, ...ports.filter((change, i) => !blamed.includes(change) && ports.indexOf(change) === i)];
}

/**
 * Whether a variable alone would lead nowhere, since what belongs to it changed as well and is nothing that goes back with a program's settings: the number at which
 * the container is asked, the mount in which its file lies.
 */
export function isHalf(crashCase: CrashCase, blamed: readonly FieldChange[]): boolean {
  return leavesHost(crashCase, blamed) || blamed.some((change) => isAskedElsewhere(crashCase, change) || leadsToMovedMount(crashCase, change));
}

/**
 * Whether a port would go back and leave its host, which came with it: together they may never have worked. Not where the delivery's Service of that name has the
 * old port.
 */
export function leavesHost({ changed, input }: Pick<CrashCase, "changed" | "input">, blamed: readonly FieldChange[]): boolean {
  return blamed.some((port) =>
    changed.some((host) => !blamed.includes(host) && portsOf([port], host).length > 0 && !serves(input, String(host.after), String(port.before))),
  );
}

function serves({ rendered }: CrashCase["input"], host: string, port: string): boolean {
  const [name] = host.split(".");
  return rendered.some(
    (one) => one.kind === "Service" && one.metadata.name === name && listAt(one, "spec", "ports").some((item) => String(numberAt(item, "port")) === port),
  );
}

/** Nothing tells a wrong port from a wrong host. */
export function hostOrPort(said: CrashCase["statement"]): Finding {
  return escalate(
    { ...said, confidence: CONFIDENCE.circumstantial },
    "host and port changed at once, and nothing says which of them is wrong",
    "Look at which port the new host listens, and set it; or go back to the host and the port that worked.",
  );
}

const HOST = /^(.*?)_?(?:HOST|HOSTNAME|ADDR|ADDRESS|SERVER)$/;

/** `DB_PORT` of `DB_HOST`. */
function portsOf(changed: readonly FieldChange[], { path, before }: FieldChange): FieldChange[] {
  const [, prefix] = HOST.exec(variableOf(path) ?? "") ?? [];
  if (prefix === undefined || before === undefined) return [];
  return changed.filter((change) => variableOf(change.path) === (prefix === "" ? "PORT" : `${prefix}_PORT`) && change.before !== undefined);
}

/** Ports and probes of the container followed the number of a variable. */
function isAskedElsewhere({ changed }: CrashCase, { path, before, after }: FieldChange): boolean {
  const [old, now] = [before, after].map((value) => (/^\d{2,5}$/.test(String(value)) ? Number(value) : undefined));
  if (old === undefined || now === undefined || !/(?:^|_)PORT$/.test(variableOf(path) ?? "")) return false;
  const isNow = (value: Json | undefined) => value === now || numberAt(value ?? null, "containerPort") === now;
  return changed.some((change) => !change.path.includes("env") && isNow(change.after));
}

/** Variables that went as a group, with the one that is missed: all that began with its first word. The program names the first that it looks for. */
export function groupGone<T extends { name: string }>({ found }: CrashCase, missed: readonly string[], gone: readonly T[]): T[] {
  const firstOf = (name: string) => (wordsOf(name.replaceAll("_", "-")).length > 1 ? wordsOf(name.replaceAll("_", "-"))[0] : undefined);
  const kept = new Set(listAt(found.value, "env").map((item) => firstOf(textAt(item, "name"))));
  const groups = new Set(missed.map(firstOf).filter((first) => first !== undefined && !kept.has(first)));
  return gone.filter(({ name }) => !missed.includes(name) && groups.has(firstOf(name)));
}
