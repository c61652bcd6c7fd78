// Shorthands that people write for fields of the Kubernetes API, where only one full form says the same.
import { at, isObject, type Json } from "./objects.ts";

type Path = readonly (string | number | object)[];

/**
 * The value in the form that the API wants at this place (the last text of the path is the field), with the name by which what holds it asks for it; undefined
 * where it is not one of these shorthands.
 */
export function inFullForm(path: Path, value: Json, holder: Json | undefined): Json | undefined {
  const fields = path.filter((segment) => typeof segment === "string");
  const [parent, field] = fields.slice(-2);
  if (field === "port" && parent === "service") return portOfBackend(value);
  if (field === "env") return isObject(value) && Object.values(value).every(isScalar) ? variables(value) : undefined;
  if (field === "ports" && isPort(value)) return [{ ...namedByProbes(holder), containerPort: Number(value) }];
  return undefined;
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
