import { Cron } from "croner";
import { isObject, type Json, type KubeObject, listAt, textAt } from "./objects.ts";

/** An Argo CD sync window (docs, "Sync Windows") that keeps an Application from being synced now. */
export interface SyncWindow {
  kind: "allow" | "deny";
  schedule: string;
  duration: string;
}

/**
 * Which window of its project stands against an automatic sync of this Application now: a deny window that is open, or an allow window while none that applies is
 * open. Undefined where nothing does, or a window cannot be understood.
 */
export function blockingWindow(project: KubeObject, application: KubeObject, now: Date): SyncWindow | undefined {
  const windows = listAt(project, "spec", "syncWindows").filter((window) => appliesTo(window, application));
  const denied = windows.find((window) => textAt(window, "kind") === "deny" && isOpen(window, now));
  if (denied) return shown(denied, "deny");
  const allowing = windows.filter((window) => textAt(window, "kind") === "allow");
  return allowing.length > 0 && !allowing.some((window) => isOpen(window, now)) ? shown(allowing[0] ?? null, "allow") : undefined;
}

function shown(window: Json, kind: SyncWindow["kind"]): SyncWindow {
  return { kind, schedule: textAt(window, "schedule"), duration: textAt(window, "duration") };
}

function appliesTo(window: Json, application: KubeObject): boolean {
  const destination = [textAt(application, "spec", "destination", "server"), textAt(application, "spec", "destination", "name")];
  const checks = [
    [listAt(window, "applications"), [textAt(application, "metadata", "name")]],
    [listAt(window, "namespaces"), [textAt(application, "spec", "destination", "namespace")]],
    [listAt(window, "clusters"), destination],
  ] as const;
  const answers = checks
    .filter(([patterns]) => patterns.length > 0)
    .map(([patterns, values]) => patterns.some((pattern) => values.some((value) => value !== "" && matches(value, String(pattern)))));
  const all = isObject(window) && window.andOperator === true;
  return answers.length > 0 && (all ? answers.every(Boolean) : answers.some(Boolean));
}

/** `*` stands for anything. */
function matches(value: string, pattern: string): boolean {
  const parts = pattern.slice(0, 253).split("*");
  const [first = "", ...rest] = parts;
  if (rest.length === 0) return value === first;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  for (const [i, part] of rest.entries()) {
    const found = i === rest.length - 1 ? Math.max(value.length - part.length, at) : value.indexOf(part, at);
    if (found < at || !value.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}

/** Whether it began within its duration before now. A schedule that is none never opens. */
function isOpen(window: Json, now: Date): boolean {
  const duration = milliseconds(textAt(window, "duration"));
  try {
    const cron = new Cron(textAt(window, "schedule"), { paused: true, mode: "5-part", timezone: textAt(window, "timeZone") || "UTC" });
    const begun = cron.nextRun(new Date(now.getTime() - duration));
    return begun !== null && begun.getTime() <= now.getTime();
  } catch {
    return false;
  }
}

/** A Go duration such as `1h30m`. */
function milliseconds(duration: string): number {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000 };
  return [...duration.matchAll(/(\d{1,6}(?:\.\d{1,6})?)([hms])/g)].reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}
