// The port that a container declares goes back to where the program still listens. It may follow the program, where probes and Services ask for it by name and
// nobody knows better: in a first release. That the log names the port is not enough, since anybody can write there: the manifest itself must tell the program to use it.
import { isObject, type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { probedPorts } from "../../cluster/probed-ports.ts";
import { servicesSelecting } from "../../cluster/selecting.ts";
import { isSideDoor, listeningPort } from "../../evidence/listening.ts";
import { type FieldChange, type FieldPath, getIn } from "../../source/edit/field-path.ts";
import { type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { namesToken } from "../nearness.ts";
import { containersOf, podLabelsOf, podSpecOf } from "../pod-template.ts";
import { findTarget } from "../target-match.ts";

export function declaredPortObjection(grounds: Grounds, change: FieldChange, container: FieldPath): Objection {
  const refusal = (why: string) => objection("port-unfounded", why);
  const workload = findTarget(grounds.input.rendered, grounds.object);
  const whole = workload && getIn(workload, container);
  if (change.path.at(-1) === "containerPort" && isFromHistory(grounds, change) && isObject(whole) && isUsed(grounds, whole, change.after)) return undefined;
  if (!workload || !isObject(whole) || grounds.lastGood) return refusal("Only in a first release a declared port follows the program.");
  const { after } = change;
  if (change.path.at(-1) !== "containerPort" || typeof after !== "number" || !Number.isInteger(after) || after < 1024 || after > 65535)
    return refusal("This is no port that an ordinary program can use.");
  const [declared, ...others] = listAt(whole, "ports").map((port) => objectAt(port));
  if (!declared || others.length > 0 || textAt(declared, "name") === "" || declared.hostPort !== undefined || podSpecOf(workload).hostNetwork === true)
    return refusal("The container does not declare exactly one port, by name.");
  if (isAskedByNumber(grounds, workload, whole)) return refusal("A probe or a Service asks for the port by its number.");
  if (logSays(grounds, textAt(whole, "name")) !== after) return refusal("The log does not say that the program listens on this port, and on no other.");
  if (!isToldToUse(grounds, whole, after)) return refusal("No single variable or argument tells the program to use this port.");
  const isTaken = containersOf(workload).some(({ container: other }) => listAt(other, "ports").some((port) => objectAt(port).containerPort === after));
  return isTaken ? refusal("Another container of the pod declares this port.") : undefined;
}

/** Whether the program listens on this port, as its log says or, where that says nothing, the one thing that tells it. */
function isUsed(grounds: Grounds, container: JsonObject, port: Json | undefined): boolean {
  const said = logSays(grounds, textAt(container, "name"));
  return said === undefined ? typeof port === "number" && isToldToUse(grounds, container, port) : said === port;
}

function logSays({ input }: Grounds, container: string): number | undefined {
  const own = input.evidence.items.filter((item) => item.kind === "log" && (item.container ?? container) === container);
  return listeningPort(own);
}

function isToldToUse({ input }: Grounds, container: JsonObject, port: number): boolean {
  const maps = input.rendered.filter(({ kind }) => kind === "ConfigMap");
  const variables = [...listAt(container, "env"), ...listAt(container, "envFrom")].flatMap((one) => givenBy(one, maps));
  const words = [...listAt(container, "command"), ...listAt(container, "args")].map((word) => ({ name: textAt(word), text: textAt(word) }));
  const [told, ...others] = [...variables, ...words].filter(({ text }) => namesToken(text, String(port)));
  return told !== undefined && others.length === 0 && !isSideDoor(told.name);
}

interface Given {
  name: string;
  text: string;
}

/** What an item of `env` or `envFrom` gives: its value, the key of a ConfigMap, all its keys. */
function givenBy(item: Json, maps: readonly KubeObject[]): Given[] {
  const name = textAt(item, "name");
  const [key, all] = [objectAt(item, "valueFrom", "configMapKeyRef"), objectAt(item, "configMapRef")];
  const dataOf = (reference: JsonObject) =>
    objectAt(
      maps.find((map) => map.metadata.name === textAt(reference, "name")),
      "data",
    );
  const whole = Object.entries(dataOf(all)).map(([own, value]) => ({ name: `${textAt(item, "prefix")}${own}`, text: textAt(value) }));
  return name === "" ? whole : [{ name, text: textAt(item, "value") || textAt(dataOf(key), textAt(key, "key")) }];
}

function isAskedByNumber({ input }: Grounds, workload: JsonObject, container: JsonObject): boolean {
  const labels = textAt(workload, "kind") === "Pod" ? objectAt(workload, "metadata", "labels") : podLabelsOf(workload);
  const services = servicesSelecting(input.rendered, labels);
  // Without a targetPort a Service asks for the number of its own port.
  const targets = services.flatMap((service) => listAt(service, "spec", "ports").map((port) => objectAt(port).targetPort));
  return [...probedPorts(container), ...targets].some((port) => typeof port !== "string" || /^\d+$/.test(port));
}
