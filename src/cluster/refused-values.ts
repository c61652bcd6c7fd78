// What the API server says of single fields (k8s.io/apimachinery field.Error), and what its own words leave in the place of a value that it refuses.
import type { Json } from "./objects.ts";
import { mebibytesMeant } from "./quantity.ts";

/** One complaint: `spec.type: Unsupported value: "nodeport": supported values: "ClusterIP", "NodePort"`. */
export interface Complaint {
  /** As the API server writes it: `spec.template.spec.containers[0].imagePullPolicy`. */
  field: string;
  detail: string;
}

/** What may stand there instead: one of several words, exactly one value, or nothing. */
export type Allowed = { kind: "one-of"; values: string[]; isSpelling: boolean } | { kind: "is"; value: Json } | { kind: "goes" };

const COMPLAINT = /(?<![\w.])([a-z]\w*(?:[.[][\w.[\]/-]*)?): (Unsupported value|Invalid value|Forbidden|Required value|Duplicate value|Too long|Not found): /g;
const LONGEST = 8000;

/** Every complaint about a field that a message holds, each once. */
export function complaintsIn(message: string): Complaint[] {
  const text = message.slice(0, LONGEST);
  const found = [...text.matchAll(COMPLAINT)];
  const complaints = found.map(
    (match, i): Complaint => ({ field: match[1] ?? "", detail: text.slice(match.index + (match[1]?.length ?? 0) + 2, found[i + 1]?.index) }),
  );
  const isRepeated = ({ field, detail }: Complaint, i: number) =>
    complaints.slice(0, i).some((one) => one.field === field && one.detail.slice(0, 60) === detail.slice(0, 60));
  return complaints.filter((one, i) => !isRepeated(one, i));
}

/** What the downward API knows of a pod (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-fieldRef). */
const DOWNWARD: readonly string[] = [
  ...["name", "namespace", "uid"].map((field) => `metadata.${field}`),
  ...["nodeName", "serviceAccountName"].map((field) => `spec.${field}`),
  ...["hostIP", "hostIPs", "podIP", "podIPs"].map((field) => `status.${field}`),
];

/** What the words of one complaint leave; undefined where they do not say. */
export function allowedInstead({ field, detail }: Complaint, value: Json | undefined): Allowed | undefined {
  const list =
    /^Unsupported value: .{0,300}?supported values: ((?:"[^"]{1,80}"(?:, )?)+)/s.exec(detail) ??
    /^Required value: valid values: ((?:"[^"]{1,80}"(?:, )?)+)/.exec(detail);
  if (list?.[1])
    return { kind: "one-of", values: [...list[1].matchAll(/"([^"]+)"/g)].map(([, word = ""]) => word), isSpelling: detail.startsWith("Unsupported") };
  if (
    /^Forbidden: may not be specified when strategy `type` is '\w+'|^(?:Forbidden|Invalid value): .{0,200}only allowed for updateStrategy '\w+'/s.test(detail)
  )
    return { kind: "goes" };
  if (detail.startsWith("Required value") && field.endsWith(".pathType"))
    return { kind: "one-of", values: ["Prefix", "Exact", "ImplementationSpecific"], isSpelling: false };
  if (/field label not supported/.test(detail)) return { kind: "one-of", values: [...DOWNWARD], isSpelling: true };
  if (typeof value !== "string" || value.length > 500) return undefined;
  if (/must be an absolute path/.test(detail) && /^[\w.-]/.test(value) && !value.includes("..")) return { kind: "is", value: `/${value}` };
  if (/must be a relative path/.test(detail) && /^\/+[\w.-]/.test(value)) return { kind: "is", value: value.replace(/^\/+/, "") };
  if (/must contain at least one letter/.test(detail) && /^[1-9]\d{0,4}$/.test(value) && /[pP]ort$/.test(field)) return { kind: "is", value: Number(value) };
  const schedule = /(?:^|\.)schedule$/.test(field) ? mendedSchedule(value, detail) : undefined;
  return schedule === undefined ? undefined : { kind: "is", value: schedule };
}

/** Whether it is about a mount of a volume that the pods do not have. */
export function isNoVolume({ field, detail }: Complaint): boolean {
  return /\.volumeMounts\[\d{1,4}\]\.name$/.test(field) && detail.startsWith("Not found: ");
}

/** Whether it is about the version of what an autoscaler scales, which has no group (autoscaling/v2 CrossVersionObjectReference). */
export function isNoGroup({ field, detail }: Complaint): boolean {
  return field === "spec.scaleTargetRef.apiVersion" && detail.includes("must specify API group");
}

/**
 * A schedule with a field for seconds that says nothing, with hour and minute in each other's place, or with the seventh day, which other crons take for Sunday
 * and Kubernetes' (robfig/cron) does not.
 */
function mendedSchedule(value: string, detail: string): string | undefined {
  const fields = value.trim().split(/\s+/);
  if (/expected exactly 5 fields, found 6/.test(detail)) return fields.length === 6 && fields[0] === "0" ? fields.slice(1).join(" ") : undefined;
  const [minute = "", hour = "", ...rest] = fields;
  // Hours and minutes in the order of a clock: `2 30` for half past two.
  if (
    /end of range \(\d{2}\) above maximum \(23\)/.test(detail) &&
    fields.length === 5 &&
    /^\d{2}$/.test(hour) &&
    Number(hour) <= 59 &&
    /^\d{1,2}$/.test(minute)
  )
    return Number(minute) <= 23 ? [hour, minute, ...rest].join(" ") : undefined;
  const isSunday = /end of range \(7\) above maximum \(6\)/.test(detail) && fields.length === 5 && fields[4] === "7";
  return isSunday ? [...fields.slice(0, 4), "0"].join(" ") : undefined;
}

/** The API server's words where some amount is none (resource.Quantity): it does not say which. */
export const NO_QUANTITY = /quantities must match the regular expression|unable to parse quantity's suffix/;

/** The units that people write behind an amount of bytes, and what Kubernetes calls them (resource.Quantity). */
const UNITS: Readonly<Record<string, string>> = { k: "Ki", m: "Mi", g: "Gi", t: "Ti" };

/** An amount as a quantity, where only the spelling of its unit keeps it from being one: `128MB`, `1 Gi`. Undefined for anything else. */
export function asQuantity(value: string): string | undefined {
  const [, amount = "", unit = ""] = /^(\d{1,9}(?:\.\d{1,3})?) {0,2}([kmgt])(?:i?b|i)$/i.exec(value.trim()) ?? [];
  const meant = `${amount}${UNITS[unit.toLowerCase()] ?? ""}`;
  return meant === "" || meant === value ? undefined : meant;
}

/**
 * A memory limit whose unit is missing, or is the decimal one of the request's, where the API server says that a request is more than it; undefined where it
 * does not say so of this limit.
 */
export function limitMeant(message: string, limit: Json | undefined): string | undefined {
  const [, request = "", decimal = ""] =
    /Invalid value: "(\d{1,6}[KMG]i)": must be less than or equal to memory limit of (\d{1,6}[kMG])(?!i)/.exec(message.slice(0, LONGEST)) ?? [];
  if (decimal !== "" && decimal === limit && request.toLowerCase() === `${decimal.toLowerCase()}i`) return request;
  const [, said] = /must be less than or equal to memory limit of (\d{1,6}m?)(?![\w.])/.exec(message.slice(0, LONGEST)) ?? [];
  return said !== undefined && said === String(limit) ? mebibytesMeant(limit) : undefined;
}
