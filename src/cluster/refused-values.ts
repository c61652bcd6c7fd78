// What the API server says of single fields (k8s.io/apimachinery field.Error), and what its own words leave in the place of a value that it refuses.
import type { Json } from "./objects.ts";
import { mebibytesMeant } from "./quantity.ts";
import { scheduleMeant } from "./refused-schedules.ts";

/** One complaint: `spec.type: Unsupported value: "nodeport": supported values: "ClusterIP", "NodePort"`. */
export interface Complaint {
  /** As the API server writes it: `spec.template.spec.containers[0].imagePullPolicy`. */
  field: string;
  detail: string;
}

/** What may stand there instead: one of several words, exactly one value, or nothing. */
export type Allowed = { kind: "one-of"; values: string[]; isSpelling: boolean } | { kind: "is"; value: Json } | { kind: "goes" };

const COMPLAINT =
  /(?<![\w.])([a-z]\w*(?:[.[][\w.[\]/-]*)?): (?:(?:Unsupported value|Invalid value|Forbidden|Duplicate value|Too long|Not found): |Required value(?:: |(?=[\s,\]]|$)))/g;
const LONGEST = 8000;

/** A pod that a workload's controller could not make: its fields are those of the template. */
const OF_POD = /\bPod "[\w.-]{1,253}" is invalid: /;
const POD_FIELDS = /(?<![\w.])spec\.(?=(?:containers|initContainers|volumes)\[)/g;

/** Every complaint about a field that a message holds, each once; of a pod's fields, by their place in the template of its workload. */
export function complaintsIn(message: string): Complaint[] {
  const said = message.slice(0, LONGEST);
  const text = OF_POD.test(said) ? said.replaceAll(POD_FIELDS, "spec.template.spec.") : said;
  const found = [...text.matchAll(COMPLAINT)];
  const complaints = found.map(
    (match, i): Complaint => ({
      field: (match[1] ?? "").replace(".LoadBalancerS", ".loadBalancerS"),
      detail: text.slice(match.index + (match[1]?.length ?? 0) + 2, found[i + 1]?.index),
    }),
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

const NO_LABEL = /field label not supported/;

/** A field of the pod in another habit, or at another place: `metadata.podName`, `spec.hostIP`, `status.nodeName`. */
function downwardMeant(value: string): string | undefined {
  const [, last = ""] = /^(?:(?:metadata|spec|status|pod)\.)?(?:pod)?(\w{2,20})$/i.exec(value.trim()) ?? [];
  const alike = DOWNWARD.filter((field) => [last, `pod${last}`].some((one) => field.split(".")[1]?.toLowerCase() === one.toLowerCase()));
  return alike.length === 1 && last !== "" ? alike[0] : undefined;
}

/** What the words of one complaint leave; undefined where they do not say. */
export function allowedInstead({ field, detail }: Complaint, value: Json | undefined): Allowed | undefined {
  const meant = typeof value === "string" && NO_LABEL.test(detail) ? downwardMeant(value) : undefined;
  const listed = meant === undefined ? wordsListed(field, detail) : ({ kind: "is", value: meant } as const);
  if (listed) return listed;
  if (OUT_OF_PLACE.some((pattern) => pattern.test(detail))) return { kind: "goes" };
  const after =
    typeof value === "number" ? numberMeant(detail, value) : typeof value === "string" && value.length <= 500 ? textMeant(field, detail, value) : undefined;
  return after === undefined ? undefined : { kind: "is", value: after };
}

/** The words that the complaint lists; where it lists a single one, that is it. */
function wordsListed(field: string, detail: string): Allowed | undefined {
  const unsupported = /^Unsupported value: .{0,300}?supported values: ((?:"[^"]{1,80}"(?:, )?)+)/s.exec(detail)?.[1];
  const required = /^Required value: valid values: ((?:"[^"]{1,80}"(?:, )?)+)/.exec(detail)?.[1];
  const words = [...(unsupported ?? required ?? "").matchAll(/"([^"]+)"/g)].map(([, word = ""]) => word);
  if (words.length === 1 && words[0] !== undefined) return { kind: "is", value: words[0] };
  if (words.length > 1) return { kind: "one-of", values: words, isSpelling: unsupported !== undefined };
  const either = /^Invalid value: .{0,300}?must be '(\w{1,40})' or '(\w{1,40})'/s.exec(detail);
  if (either?.[1] && either[2]) return { kind: "one-of", values: [either[1], either[2]], isSpelling: true };
  if (detail.startsWith("Required value") && field.endsWith(".pathType"))
    return { kind: "one-of", values: ["Prefix", "Exact", "ImplementationSpecific"], isSpelling: false };
  return NO_LABEL.test(detail) ? { kind: "one-of", values: [...DOWNWARD], isSpelling: true } : undefined;
}

/** Fields that do not go with what another one says now: what is left of it is in the way. */
const OUT_OF_PLACE: readonly RegExp[] = [
  /^Forbidden: may not be specified when strategy `type` is '\w+'/,
  /^(?:Forbidden|Invalid value): .{0,200}only allowed for updateStrategy '\w+'/s,
  /^Forbidden: may (?:not|only) be used when `type` is '\w+'/,
  /^Invalid value: "\w{1,20}": may only be set for externally-accessible services/,
  /^Invalid value: .{0,300}can only be set when seccomp type is Localhost/s,
  /^Forbidden: activeDeadlineSeconds in ReplicaSet is not Supported/,
];

/** Of a number: the only one that there may be, the most, or a file's mode without the 0 that makes it octal. */
function numberMeant(detail: string, value: number): Json | undefined {
  const [, only, most] = /^Invalid value: -?\d{1,10}: must be (?:(\d{1,9})|less than or equal to (\d{1,9}))(?=$|[\s,\]])/.exec(detail) ?? [];
  if (only !== undefined || most !== undefined) return Number(only ?? most);
  const isMode = /must be a number between 0 and 0777 \(octal\)/.test(detail) && /^[0-7]{3}$/.test(String(value));
  return isMode ? Number.parseInt(String(value), 8) : undefined;
}

function textMeant(field: string, detail: string, value: string): Json | undefined {
  if (/must be an absolute path/.test(detail)) return /^[\w.-]/.test(value) && !value.includes("..") ? `/${value}` : undefined;
  if (/must be a relative path/.test(detail)) return /^\/+[\w.-]/.test(value) ? value.replace(/^\/+/, "") : undefined;
  if (/must not contain '\/\/'/.test(detail)) return value.replace(/\/{2,}/g, "/");
  const only = /only "(\w{1,40})" is supported when/.exec(detail)?.[1];
  if (only !== undefined) return only;
  if (/(?:^|\.)schedule$/.test(field)) return scheduleMeant(value, detail);
  if (/[pP]ort$/.test(field) && /^[1-9]\d{0,4}$/.test(value)) return /must contain at least one letter/.test(detail) ? Number(value) : undefined;
  return nameMeant(field, detail, value) ?? shareMeant(detail, value);
}

/** The name of a port, container or volume in other letters than names have (RFC 1123 label, IANA service name): the same in theirs. */
function nameMeant(field: string, detail: string, value: string): string | undefined {
  const isName = /(?:[pP]ort|\.(?:ports|volumes)\[\d{1,3}\]\.name|ontainers\[\d{1,3}\]\.name)$/.test(field);
  if (!isName || !/must contain only alpha-numeric|must contain at least one letter|lowercase RFC 1123 label/.test(detail)) return undefined;
  const name = value.toLowerCase().replace(/[_. ]+/g, "-");
  return /^[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(name) && /[a-z]/.test(name) ? name : undefined;
}

/** A share of the pods without its sign, or a number of them as text: nobody has tens of pods away at a time by their number. */
function shareMeant(detail: string, value: string): Json | undefined {
  if (!/a valid percent string must be/.test(detail) || !/^\d{1,2}$/.test(value)) return undefined;
  return Number(value) >= 10 ? `${value}%` : Number(value);
}

/** Whether it is about a mount of a volume that the pods do not have. */
export function isNoVolume({ field, detail }: Complaint): boolean {
  return /\.volumeMounts\[\d{1,4}\]\.name$/.test(field) && detail.startsWith("Not found: ");
}

/** Whether it is about the version of what an autoscaler scales, which has no group (autoscaling/v2 CrossVersionObjectReference). */
export function isNoGroup({ field, detail }: Complaint): boolean {
  return field === "spec.scaleTargetRef.apiVersion" && detail.includes("must specify API group");
}

/** `40s` or `2m` in a field that counts seconds (Kubernetes API: `…Seconds`, integers); undefined for anything else. */
export function secondsMeant(field: string, value: Json | undefined): number | undefined {
  const [, amount, unit] = /Seconds$/.test(field) && typeof value === "string" ? (/^(\d{1,6}) ?(s|sec|m|min)$/.exec(value.trim()) ?? []) : [];
  return amount === undefined ? undefined : Number(amount) * (unit?.startsWith("m") ? 60 : 1);
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
