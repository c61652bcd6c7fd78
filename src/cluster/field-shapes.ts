// Shorthands that people write for fields of the Kubernetes API, where only one full form says the same.
import { at, isObject, type Json } from "./objects.ts";

type Path = readonly (string | number | object)[];

/**
 * The value in the form that the API wants at this place (the last text of the path is the field), with the name by which what holds it asks for it; undefined
 * where it is not one of these shorthands.
 */
export function inFullForm(path: Path, value: Json, holder: Json | undefined): Json | undefined {
  const fields = path.filter((segment) => typeof segment === "string");
  const [parent = "", field = ""] = fields.slice(-2);
  const isItem = typeof path.at(-1) !== "string";
  if (field === "port" && parent === "service") return portOfBackend(value);
  if (field === "ports") return portsOf(parent, value, { isItem, holder });
  if (NAMED.has(field)) return isName(value) && isItem === (field === "imagePullSecrets") ? { name: value } : undefined;
  if (isItem) return undefined;
  const identity = Object.hasOwn(LISTS, field) ? LISTS[field] : undefined;
  if (identity !== undefined && isObject(value) && identity.every((key) => Object.hasOwn(value, key))) return [value];
  if (field === "env") return isObject(value) && Object.values(value).every(isScalar) ? variables(value) : undefined;
  if (MAPS.has(field)) return Array.isArray(value) ? pairs(value) : undefined;
  return WORDS.has(field) && typeof value === "string" && /^[^\s,;]+$/.test(value) ? [value] : undefined;
}

/** References that are written as the name alone; of the first kind there are several in a list. */
const NAMED: ReadonlySet<string> = new Set(["imagePullSecrets", "configMapRef", "secretRef"]);
/** Maps of texts, which some write as a list of pairs. */
const MAPS: ReadonlySet<string> = new Set(["labels", "annotations", "matchLabels", "nodeSelector"]);
/** Lists of texts, where one word stands for the only item. */
const WORDS: ReadonlySet<string> = new Set(["command", "args", "accessModes", "hosts"]);
/** Lists of mappings, where one mapping stands for the only item: what tells such an item from a map of pairs. */
const LISTS: Readonly<Record<string, readonly string[]>> = {
  ...{ env: ["name", "value"], envFrom: [], volumes: ["name"], volumeMounts: ["name", "mountPath"] },
  ...{ containers: ["name", "image"], initContainers: ["name", "image"], tolerations: [], imagePullSecrets: ["name"], tls: [], rules: [] },
};

function portsOf(parent: string, value: Json, { isItem, holder }: { isItem: boolean; holder: Json | undefined }): Json | undefined {
  const field = parent === "spec" ? "port" : "containerPort";
  if (isObject(value)) return !isItem && Object.hasOwn(value, field) ? [value] : undefined;
  if (!isPort(value)) return undefined;
  const port = field === "containerPort" && !isItem ? { ...namedByProbes(holder), containerPort: Number(value) } : { [field]: Number(value) };
  return isItem ? port : [port];
}

function isName(value: Json): value is string {
  return typeof value === "string" && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value);
}

/** A list of mappings with one pair each, no key twice. */
function pairs(list: readonly Json[]): Json | undefined {
  const all = list.flatMap((item) => (isObject(item) && Object.keys(item).length === 1 ? Object.entries(item) : []));
  const isWhole = all.length === list.length && new Set(all.map(([key]) => key)).size === all.length && all.every(([, value]) => isScalar(value));
  return isWhole && all.length > 0 ? Object.fromEntries(all.map(([key, value]) => [key, String(value)])) : undefined;
}

/** The name that all probes of a container ask for by which ask for one. */
function namedByProbes(container: Json | undefined): { name?: string } {
  const probes = ["startupProbe", "livenessProbe", "readinessProbe"].flatMap((probe) =>
    ["httpGet", "tcpSocket"].map((handler) => at(container, probe, handler, "port")),
  );
  const [name, ...more] = new Set(probes.filter((port) => typeof port === "string" && !isPort(port)));
  return typeof name === "string" && more.length === 0 ? { name } : {};
}

/** IngressServiceBackend.port: a number or a name. */
function portOfBackend(value: Json): Json | undefined {
  if (isPort(value)) return { number: Number(value) };
  return typeof value === "string" && /^[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?$/.test(value) ? { name: value } : undefined;
}

/** Container.env: a list of names with values, which are texts. */
function variables(map: { [name: string]: Json }): Json {
  return Object.entries(map).map(([name, value]) => ({ name, value: String(value) }));
}

function isScalar(value: Json): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isPort(value: Json): boolean {
  return (typeof value === "number" || typeof value === "string") && /^[1-9]\d{0,4}$/.test(String(value)) && Number(value) <= 65_535;
}
