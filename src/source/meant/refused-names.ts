// Names that the API server refuses or misses, with all that has to change for the only ones that can be meant.
import { at, isObject, type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import { zoneIn } from "../../cluster/refused-schedules.ts";
import { allowedInstead, type Complaint } from "../../cluster/refused-values.ts";
import { type FieldChange, getIn } from "../edit/field-path.ts";
import type { IsAlmost } from "../slips/template-names.ts";
import { pathIn } from "./named-place.ts";
import { labelsMeant } from "./refused-labels.ts";

/** Empty where the complaint is about no such name, or where several could be meant. @param isAlmost whether a name is a likely correction of another one */
export function namesMeant(object: KubeObject, complaint: Complaint, rendered: readonly KubeObject[], isAlmost: IsAlmost): FieldChange[] {
  return [
    ...resourceMeant(object, complaint, isAlmost),
    ...zoneMeant(object, complaint),
    ...labelsMeant(object, complaint),
    ...portNamed(object, complaint, rendered),
    ...volumeNamed(object, complaint),
  ];
}

/** What containers can ask for (https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/), and how people call it. */
const RESOURCES: readonly (readonly [name: string, ...others: string[]])[] = [
  ["cpu", "cpus", "vcpu", "cores"],
  ["memory", "mem", "ram"],
  ["ephemeral-storage", "storage", "disk"],
];

/** `limits[mem]: Invalid value: "mem": must be a standard resource for containers`: the amount goes to the resource's own name. */
function resourceMeant(object: KubeObject, { field, detail }: Complaint, isAlmost: IsAlmost): FieldChange[] {
  const [, list = "", wrong = ""] = /^(.{1,300}\.(?:requests|limits))\[([\w.-]{1,60})\]$/.exec(field) ?? [];
  const written = wrong.toLowerCase();
  const right = RESOURCES.find((names) => names.includes(written))?.[0] ?? RESOURCES.map(([name]) => name).find((name) => isAlmost(written, name));
  const path = list === "" ? undefined : pathIn(object, list);
  const amounts = path && getIn(object, path);
  if (!/must be a standard resource/.test(detail) || !path || !isObject(amounts) || right === undefined || Object.hasOwn(amounts, right)) return [];
  const amount = amounts[wrong];
  if (amount === undefined) return [];
  return [
    { path: [...path, right], before: undefined, after: amount },
    { path: [...path, wrong], before: amount, after: undefined },
  ];
}

/** A zone that stands in the schedule goes to its own field, where that is free. */
function zoneMeant(object: KubeObject, { field, detail }: Complaint): FieldChange[] {
  const schedule = textAt(object, "spec", "schedule");
  const found = field === "spec.schedule" && /cannot use TZ or CRON_TZ in schedule/.test(detail) ? zoneIn(schedule) : undefined;
  if (!found || getIn(object, ["spec", "timeZone"]) !== undefined) return [];
  return [
    { path: ["spec", "schedule"], before: schedule, after: found.schedule },
    { path: ["spec", "timeZone"], before: undefined, after: found.zone },
  ];
}

/** A volume in other letters than names have: it gets them, and its mounts ask for it so. */
function volumeNamed(object: KubeObject, complaint: Complaint): FieldChange[] {
  const [, pod = "", position] = /^((?:\w+\.){1,8})volumes\[(\d{1,4})\]\.name$/.exec(complaint.field) ?? [];
  const spec = pathIn(object, pod.replace(/\.$/, ""));
  const name = spec && textAt(listAt(getIn(object, spec) ?? null, "volumes")[Number(position)] ?? null, "name");
  const meant = name ? allowedInstead(complaint, name) : undefined;
  if (!spec || !name || meant?.kind !== "is" || typeof meant.value !== "string") return [];
  const { value: after } = meant;
  const mounts = ["containers", "initContainers"].flatMap((list) =>
    listAt(getIn(object, spec) ?? null, list).flatMap((container, i) =>
      listAt(container, "volumeMounts").flatMap((mount, j) => {
        const item = textAt(mount, "name") === name ? pathIn(object, `${pod}${list}[${i}].volumeMounts[${j}]`) : undefined;
        return item ? [{ path: [...item, "name"], before: name, after }] : [];
      }),
    ),
  );
  const item = pathIn(object, `${pod}volumes[${position}]`);
  return item ? [{ path: [...item, "name"], before: name, after }, ...mounts] : [];
}

/** Each of several ports of a Service needs a name (ServicePort.name): that of the port that it leads to, else one that says its protocol and number. */
function portNamed(object: KubeObject, { field, detail }: Complaint, rendered: readonly KubeObject[]): FieldChange[] {
  const position = /^spec\.ports\[(\d{1,2})\]\.name$/.exec(field)?.[1];
  const ports = listAt(object, "spec", "ports");
  const port = ports[Number(position)];
  const item = position === undefined ? undefined : pathIn(object, `spec.ports[${position}]`);
  if (object.kind !== "Service" || !detail.startsWith("Required value") || !item || port === undefined) return [];
  const taken = ports.map((one) => textAt(one, "name"));
  const plain = `${(textAt(port, "protocol") || "TCP").toLowerCase()}-${String(at(port, "port"))}`;
  const name = [leadsTo(port, rendered), plain].find((one) => one !== undefined && !taken.includes(one));
  return name === undefined ? [] : [{ path: [...item, "name"], before: undefined, after: name }];
}

/** The name of the container port that a Service's port leads to, where all containers of the delivery call it so. */
function leadsTo(port: Json, rendered: readonly KubeObject[]): string | undefined {
  const target = at(port, "targetPort") ?? at(port, "port");
  if (typeof target === "string") return target;
  const templates = rendered.map((object) => getIn(object, ["spec", "template", "spec"]));
  const names = templates.flatMap((spec) => listAt(spec, "containers").flatMap((container) => listAt(container, "ports")));
  const called = new Set(names.filter((one) => at(one, "containerPort") === target).map((one) => textAt(one, "name")));
  const [name] = called;
  return called.size === 1 && name !== "" ? name : undefined;
}
