import { type Json, listAt, numberAt, textAt } from "../../cluster/objects.ts";
import type { FieldChange } from "../../source/field-path.ts";
import { wordsOf } from "../near-match.ts";
import type { CrashCase } from "./crash-case.ts";
import { leadsToMovedMount } from "./mount-moved.ts";
import { variableOf } from "./named-change.ts";

/** What has to go back with a variable, since alone it would lead nowhere: a host came with its port. */
export function withAlongside({ changed }: CrashCase, blamed: readonly FieldChange[]): FieldChange[] {
  const ports = blamed.flatMap((change) => portsOf(changed, change));
  return [...blamed, ...ports.filter((change, i) => !blamed.includes(change) && ports.indexOf(change) === i)];
}

/**
 * Whether a variable alone would lead nowhere, since what belongs to it changed as well and is nothing that goes back with a program's settings: the number at which
 * the container is asked, the mount in which its file lies.
 */
export function isHalf(crashCase: CrashCase, blamed: readonly FieldChange[]): boolean {
  return blamed.some((change) => isAskedElsewhere(crashCase, change) || leadsToMovedMount(crashCase, change));
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
