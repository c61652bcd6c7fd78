import { createContext, Script } from "node:vm";
import type { Environment } from "@marcbachmann/cel-js";
import type { Policy } from "../../config/policies.ts";
import { messageOf } from "../../errors.ts";
import { policyEnvironment } from "./environment.ts";
import type { CelValue } from "./values.ts";

/** What a policy says of one object, beside the one that was there before. */
export type PolicyVerdict = { kind: "holds" } | { kind: "violated"; message: string } | { kind: "failed"; why: string };

/** A policy that compiles, or why it does not. */
export type CompiledPolicy = { kind: "compiled"; judge(object: CelValue, oldObject: CelValue): PolicyVerdict } | { kind: "invalid"; why: string };

/** How long one policy may take with one object. */
const MILLISECONDS = 250;
const LONGEST_MESSAGE = 500;

type Expression = ReturnType<Environment["parse"]>;

let environment: Environment | undefined;

/** Reads a policy's expressions and checks their types, as the API server does when a policy is created. */
export function compilePolicy(policy: Policy): CompiledPolicy {
  environment ??= policyEnvironment();
  const cel = environment;
  const compile = (what: string, text: string, types: readonly string[]): Expression => {
    const parsed = cel.parse(text);
    const checked = parsed.check();
    if (!checked.valid) throw new SyntaxError(`${what}: ${firstLine(checked.error)}`);
    if (!types.includes(String(checked.type))) throw new SyntaxError(`${what} is of type ${String(checked.type)}, not ${types[0]}`);
    return parsed;
  };
  try {
    const expression = named("expression", () => compile("expression", policy.expression, ["bool", "dyn"]));
    const { messageExpression: text } = policy;
    const message = text === undefined ? undefined : named("messageExpression", () => compile("messageExpression", text, ["string", "dyn"]));
    const variables = (policy.variables ?? []).map((one) => ({ name: one.name, expression: named(`variable ${one.name}`, () => cel.parse(one.expression)) }));
    return { kind: "compiled", judge: (object, oldObject) => judge({ policy, expression, message, variables }, object, oldObject) };
  } catch (thrown) {
    return { kind: "invalid", why: firstLine(thrown) };
  }
}

function named<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const text = firstLine(thrown);
    throw new SyntaxError(text.startsWith(what) ? text : `${what}: ${text}`);
  }
}

interface Compiled {
  policy: Policy;
  expression: Expression;
  message: Expression | undefined;
  variables: readonly { name: string; expression: Expression }[];
}

function judge(compiled: Compiled, object: CelValue, oldObject: CelValue): PolicyVerdict {
  try {
    return within(MILLISECONDS, () => evaluate(compiled, object, oldObject));
  } catch (thrown) {
    return { kind: "failed", why: isTimeout(thrown) ? `it takes longer than ${MILLISECONDS} ms` : firstLine(thrown) };
  }
}

function evaluate({ policy, expression, message, variables }: Compiled, object: CelValue, oldObject: CelValue): PolicyVerdict {
  const context = { object, oldObject, variables: Object.create(null) };
  for (const one of variables) {
    // As in Kubernetes a variable that no expression needs is never computed, and one that is needed is computed once.
    let known: { value: unknown } | undefined;
    const get = () => {
      known ??= { value: one.expression(context) };
      return known.value;
    };
    Object.defineProperty(context.variables, one.name, { enumerable: true, get });
  }
  const holds: unknown = expression(context);
  if (holds === true) return { kind: "holds" };
  if (holds !== false) return { kind: "failed", why: "it is neither true nor false" };
  return { kind: "violated", message: messageFor(policy, message, context) };
}

/** A message that cannot be made, or that is none, gives way to the plain one (ValidatingAdmissionPolicy, messageExpression). */
function messageFor({ message, expression }: Policy, made: Expression | undefined, context: object): string {
  try {
    const text: unknown = made?.(context);
    if (typeof text === "string" && text.trim() !== "" && !text.includes("\n")) return text.slice(0, LONGEST_MESSAGE);
  } catch (thrown) {
    if (isTimeout(thrown)) throw thrown;
  }
  return message ?? `failed expression: ${expression}`.slice(0, LONGEST_MESSAGE);
}

/** Ends whatever runs too long: a loop over loops, or a pattern that backtracks. */
function within<T>(milliseconds: number, work: () => T): T {
  let result: { value: T } | undefined;
  const context = createContext({
    work: () => {
      result = { value: work() };
    },
  });
  new Script("work()").runInContext(context, { timeout: milliseconds });
  if (!result) throw new Error("it gave no answer");
  return result.value;
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "ERR_SCRIPT_EXECUTION_TIMEOUT";
}

function firstLine(thrown: unknown): string {
  return (messageOf(thrown).split("\n")[0] ?? "").slice(0, 300);
}
