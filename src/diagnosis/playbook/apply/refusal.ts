import { isObject } from "../../../cluster/objects.ts";
import { complaintsIn, NO_QUANTITY } from "../../../cluster/refused-values.ts";
import { type FieldChange, type FieldPath, formatPath } from "../../../source/edit/field-path.ts";

/** What the API server says of a manifest that it refuses. */
export interface Refusal {
  kind?: string;
  name?: string;
  /** Field names as the message gives them, `spec.selector` or `containerPort`. */
  fields: string[];
  /** The field that the named one is compared with: `must be greater than or equal to \`minReplicas\``. */
  comparedWith?: string;
  /** The named field is not there, and has to be because of the value of the other one. */
  isMissing?: boolean;
  /** The field that an item of a list lacks: items that have it are not meant. */
  lacking?: string;
  /** Only these fields below the named one may change once the object exists. */
  changeable?: string[];
  why: "immutable" | "wrong type" | "unknown field" | "no quantity" | "invalid";
}

const INVALID = /\b([A-Z]\w{1,60})(?:\.[\w.-]{1,100})? "([\w.-]{1,253})" is invalid: (\[?)([\w.[\]]{1,200})?/;
const FLUX_OBJECT = /\b([A-Z]\w{1,60})\/[\w.-]{1,63}\/([\w.-]{1,253}) dry-run failed/;
/** Server-side apply (`expected string, got`, `expected numeric (int or float), got`): one field on the line of the message, or several, each on a line of its own. */
const TYPED = /:\s{1,4}\.[\w./[\]="-]{1,300}: expected \w[\w ()]{0,40}, got/;
const TYPED_FIELDS = /\s\.([\w./[\]="-]{1,300}): expected \w[\w ()]{0,40}, got/g;
const UNKNOWN = /unknown field "[\w.[\]]{1,200}"|field not declared in schema|does not contain declared merge key: (\w{1,60})/;
/** Strict decoding, and the structured merge diff of Argo CD: each names every field that it does not know. */
const UNKNOWN_FIELDS = [/unknown field "([\w.[\]]{1,200})"/g, /\.([\w.[\]="-]{1,300}): field not declared in schema/g];
const UNMARSHAL = /cannot unmarshal (\w+) into Go struct field [\w.]{1,100}?\.([\w.]{1,200}) of type/;

/** A strategic merge patch that cannot be applied to the object: neither object nor field is named. */
const UNRECOGNIZED = /(?:unrecognized type: |cannot restore \w{1,20} from )(?:string|int\d*|float\d*|bool|map|slice)\b/;

const IMMUTABLE = /field is immutable|is immutable after creation|may not be (?:changed|updated) (?:once|after)|may not change once set|cannot be changed/;
/** The API server lists what a StatefulSet (or a Pod) may still change: everything else may not. */
const CHANGEABLE = /updates to \w+ spec for fields other than ((?:'\w{1,60}'(?:, | and )?){1,20})/;

const COMPARED =
  /(?:may not be \S{1,20}|must provide [\w ]{1,60}) when (?:\w{1,60} )?[`']([a-z]\w{2,60})[`']|must (?:not )?be (?:greater than|less than|equal to|larger than|smaller than|at most|at least)(?: or equal to)? [`']?([a-z]\w{2,60})[`']?(?![\w.])/;

/** Of requests that exceed their limits the message names the whole list, and the one resource only by the way. */
const LIMITED = /must be less than or equal to ([\w./-]{1,120}) limit\b/;

/** Helm and server-side apply: the object cannot even be read, and no field is named. */
const CONVERTED = /for object (?:[\w.-]{1,63}\/)?([\w.-]{1,253}) (\S{1,100}), Kind=(\w{1,60})/;

/** Reads the message; undefined where it is of another kind. */
export function refusal(message: string): Refusal | undefined {
  const invalid = INVALID.exec(message);
  const flux = FLUX_OBJECT.exec(message);
  const named = { ...optional("kind", invalid?.[1] ?? flux?.[1]), ...optional("name", invalid?.[2] ?? flux?.[2]) };
  const field = invalid?.[4]?.replace(/:$/, "");
  const listed = invalid?.[3] === "[" ? complaintsIn(message).map((complaint) => complaint.field) : [];
  const changeable = CHANGEABLE.exec(message)?.[1]?.match(/'(\w{1,60})'/g);
  if (field && changeable) return { ...named, fields: [field], changeable: changeable.map((word) => word.slice(1, -1)), why: "immutable" };
  // A Service's only address is written in the older of its two fields.
  if (field && IMMUTABLE.test(message)) return { ...named, fields: [field.replace(/^spec\.clusterIPs\[0\]$/, "spec.clusterIP")], why: "immutable" };
  const object = CONVERTED.exec(message);
  if (TYPED.test(message)) {
    const fields = [...message.matchAll(TYPED_FIELDS)].map(([, name = ""]) => name);
    return { ...optional("kind", named.kind ?? object?.[3]), ...optional("name", named.name ?? object?.[1]), fields: [...new Set(fields)], why: "wrong type" };
  }
  const unknown = UNKNOWN.exec(message);
  if (unknown) {
    const all = UNKNOWN_FIELDS.flatMap((pattern) => [...message.matchAll(pattern)].map(([, name = ""]) => name));
    const fields = all.length > 0 ? [...new Set(all)] : [unknown[1] ?? ""].filter((name) => name !== "");
    return { ...named, fields, ...optional("lacking", unknown[1]), why: "unknown field" };
  }
  const unmarshal = UNMARSHAL.exec(message);
  if (unmarshal?.[2]) return { ...named, fields: [unmarshal[2]], why: "wrong type" };
  if (UNRECOGNIZED.test(message)) return { fields: [], why: "wrong type" };
  if (!field && (NO_QUANTITY.test(message) || object))
    return {
      ...optional("kind", object?.[3] ?? named.kind),
      ...optional("name", object?.[1] ?? named.name),
      fields: [],
      why: NO_QUANTITY.test(message) ? "no quantity" : "invalid",
    };
  const limited = LIMITED.exec(message)?.[1];
  if (limited !== undefined && field?.endsWith(".requests"))
    return { ...named, fields: ["requests", "limits"].map((list) => field.replace(/requests$/, `${list}.${limited}`)), why: "invalid" };
  const compared = COMPARED.exec(message);
  const other = compared?.[1] ?? compared?.[2];
  // The labels of a pod template are checked before anybody knows that they are in its metadata.
  if (field?.endsWith("template.labels")) return { ...named, fields: [field.replace(/labels$/, "metadata.labels")], why: "invalid" };
  const isMissing = other !== undefined && /: Required value/.test(message);
  return field
    ? { ...named, fields: listed.length > 1 ? listed : [field], ...(other ? { comparedWith: other } : {}), ...(isMissing ? { isMissing } : {}), why: "invalid" }
    : undefined;
}

/** Whether a difference lies at, above or below the field that the message names; a misspelt one is named by its right spelling. */
export function names({ path, before, after }: FieldChange, { fields, changeable, comparedWith, lacking }: Refusal): boolean {
  if (lacking !== undefined && isObject(after) && Object.hasOwn(after, lacking)) return false;
  if (changeable) return path[0] === "spec" && !changeable.includes(String(path[1]));
  const text = plainPath(path);
  if (comparedWith !== undefined && path.at(-1) === comparedWith && fields.some((field) => siblings(text, plain(field)))) return true;
  return fields.some((field) => {
    const wanted = plain(field);
    if (text === wanted || text.startsWith(`${wanted}.`) || text.endsWith(`.${wanted}`) || (wanted.startsWith(`${text}.`) && isObject(after))) return true;
    // A list whose items the other side tells apart by what is no name here.
    if (wanted.startsWith(`${text}[`) && Array.isArray(after)) return true;
    const last = wanted.split(".").at(-1) ?? "";
    return !wanted.includes(".") && [before, after].some((value) => hasKey(value, last)) ? true : wanted.startsWith(`${text}.`) && holdsItem(after);
  });
}

/** Whether the first field lies beside the other one, or beside what holds it. */
function siblings(a: string, b: string): boolean {
  return b.startsWith(a.slice(0, a.lastIndexOf(".") + 1));
}

/** A list item that appeared may hold the field somewhere inside. */
function holdsItem(value: FieldChange["after"]): boolean {
  return isObject(value) || Array.isArray(value);
}

function hasKey(value: FieldChange["after"], key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => hasKey(item, key));
  return isObject(value) && Object.keys(value).some((name) => name.toLowerCase() === key);
}

function plainPath(path: FieldPath): string {
  return plain(formatPath(path));
}

/** Paths as different tools write them, in one form: `containers[name="web"].env` and `containers[name=web].env`, `labels["a/b"]` and `labels.a/b`. */
function plain(path: string): string {
  return path
    .replaceAll('"', "")
    .replaceAll(/\[([^\]=]*[^\]=\d][^\]=]*)\]/g, ".$1")
    .toLowerCase();
}

function optional<K extends "kind" | "name" | "lacking">(key: K, value: string | undefined): { [P in K]?: string } {
  const result: { [P in K]?: string } = {};
  if (value !== undefined) result[key] = value;
  return result;
}
