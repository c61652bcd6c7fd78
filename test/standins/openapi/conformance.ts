import type { Json } from "../../../src/cluster/objects.ts";
import type { Answer, Exchange } from "../github/exchange.ts";
import type { Operation } from "./operations.ts";
import type { Validators } from "./validators.ts";

/** Compares what is asked and answered with GitHub's OpenAPI description. Each method answers with what is wrong, in words. */
export class Conformance {
  readonly #validators: Validators;

  constructor(validators: Validators) {
    this.#validators = validators;
  }

  request(key: string, params: Record<string, string>, { path, body }: Exchange): string[] {
    const operation = this.#validators.operation(key);
    if (!operation) return [`${key}: no such operation`];
    const { searchParams } = new URL(path, "http://stand-in");
    const given = Object.fromEntries([...searchParams].map(([name, value]) => [name, typed(value, operation.query[name])]));
    const wrong = [this.#validators.check(operation.parameters, { ...numbered(params), ...given })];
    if (operation.body) wrong.push(this.#validators.check(operation.body, body ?? null));
    else if (body !== undefined && Object.keys(body ?? {}).length > 0) wrong.push("a body where none is expected");
    return wrong.flatMap((one) => (one === undefined ? [] : [`${key}: request ${one}`]));
  }

  /** Refusals are only looked at where the description says how they look. */
  answer(key: string, { status, body }: Answer): string[] {
    const operation = this.#validators.operation(key);
    const schema = operation?.answers[String(status)];
    if (schema === undefined) return status < 400 && status !== 304 ? [`${key}: GitHub never answers ${status}`] : [];
    const wrong = schema === "" ? undefined : this.#validators.check(schema, body);
    return wrong === undefined ? [] : [`${key}: answer ${status} ${wrong}`];
  }

  webhook(event: string, payload: Json): string[] {
    const operation: Operation | undefined = this.#validators.operation(event);
    if (!operation?.body) return [`webhook ${event}: no such event`];
    const wrong = this.#validators.check(operation.body, payload);
    return wrong === undefined ? [] : [`webhook ${event}: ${wrong}`];
  }
}

function typed(value: string, type: string | undefined): Json {
  if (type === "integer" || type === "number") return value.trim() === "" || Number.isNaN(Number(value)) ? value : Number(value);
  return type === "boolean" ? (value === "true" ? true : value === "false" ? false : value) : value;
}

/** Parameters of paths are numbers where they look like some and are not called a SHA or a name. */
function numbered(params: Record<string, string>): Record<string, Json> {
  const isNumber = (name: string, value: string) => /_(id|number)$/.test(name) && /^\d+$/.test(value);
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, isNumber(name, value) ? Number(value) : value]));
}
