import { z } from "zod";
import { AutofixError } from "../errors.ts";
import type { Bounds } from "./bounds.ts";
import { type ModelConfig, modelConfig, needsOfModel } from "./model.ts";
import { textOf } from "./variable.ts";
import { APP_VARIABLES, OPERATOR_VARIABLES } from "./variables.ts";

/** What decides how failures are found and fixed, with or without GitHub. */
export interface OperatorConfig {
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  /** One file; undefined where the client shall look for itself (KUBECONFIG may be a list of files). */
  kubeconfig?: string;
  kubeContext?: string;
  /** Where set, fixes are tried with this account before they are proposed. */
  dryRunKubeconfig?: string;
  kustomizeBin?: string;
  helmBin?: string;
  /** PATH, to look for the renderers. */
  path: string;
  engine: "playbook" | "model" | "auto";
  /** Only where one was named. */
  model?: ModelConfig;
  bounds: Bounds;
  /** Only these, where set. The words are checked by whoever knows them all (src/settings.ts). */
  kinds?: readonly string[];
  failureClasses?: readonly string[];
  /** In one repository at most so many pull requests of the bot: open at once, and opened within an hour. */
  caps: { open: number; perHour: number };
  soakSeconds: number;
  windowScale: number;
  concurrency: number;
  /** Destination as a delivery spells it → context of the kubeconfig, or `file:PATH[#CONTEXT]`. */
  clusters: ReadonlyMap<string, string>;
  /** URL as a delivery spells it → `owner/name`. */
  repositoryAliases: ReadonlyMap<string, string>;
}

/** What the GitHub App needs besides. */
export interface AppConfig extends OperatorConfig {
  appId: number;
  privateKey: { kind: "text"; pem: string } | { kind: "file"; path: string };
  webhookSecret: string;
  /** The API's address, and the host in clone URLs. */
  github: { apiUrl: string; host: string };
  server: { host: string; port: number };
}

export type Environment = Readonly<Record<string, string | undefined>>;

const operatorSchema = z.object(OPERATOR_VARIABLES);
const appSchema = z.object({ ...OPERATOR_VARIABLES, ...APP_VARIABLES });
const ALL = appSchema.shape;
const PREFIX = "AUTOFIX_";

/** Settings without those of GitHub, for the dry run. Throws `config/invalid` with every problem at once; values are never in it. */
export function parseOperatorConfig(environment: Environment): OperatorConfig {
  const { values, problems } = read(operatorSchema, environment);
  refuse([...problems, ...modelProblems(environment)]);
  if (!values) throw new AutofixError("config/invalid", "The configuration could not be read.");
  return operatorConfig(values, environment);
}

/** All settings of the App. Throws `config/missing` or `config/invalid` with every problem at once. */
export function parseAppConfig(environment: Environment): AppConfig {
  const { values, problems } = read(appSchema, environment);
  refuse([...problems, ...modelProblems(environment), ...keyProblems(environment), ...hostProblems(environment)]);
  const privateKey = values?.PRIVATE_KEY
    ? ({ kind: "text", pem: values.PRIVATE_KEY } as const)
    : values?.PRIVATE_KEY_PATH && ({ kind: "file", path: values.PRIVATE_KEY_PATH } as const);
  if (!values || !privateKey) throw new AutofixError("config/invalid", "The configuration could not be read.");
  return {
    ...operatorConfig(values, environment),
    appId: values.APP_ID,
    privateKey,
    webhookSecret: values.WEBHOOK_SECRET,
    github: githubOf(values.GITHUB_API_URL, values.GHE_HOST),
    server: { host: values.HOST, port: values.PORT },
  };
}

interface Problem {
  kind: "missing" | "invalid";
  text: string;
}

/** An empty variable is an unset one: that is how a chart or a compose file leaves one out. */
function given(environment: Environment, name: string): string | undefined {
  const value = Object.hasOwn(environment, name) ? environment[name]?.trim() : undefined;
  return value === "" ? undefined : value;
}

function read<S extends typeof operatorSchema>(schema: S, environment: Environment): { values?: z.infer<S>; problems: Problem[] } {
  const named = Object.fromEntries(Object.keys(schema.shape).map((name) => [name, given(environment, name)]));
  const parsed = schema.safeParse(named);
  if (parsed.success) return { values: parsed.data, problems: unknownVariables(environment) };
  const names = new Set(parsed.error.issues.map((issue) => String(issue.path[0])));
  return { problems: [...[...names].map((name) => problemOf(name, environment)), ...unknownVariables(environment)] };
}

function problemOf(name: string, environment: Environment): Problem {
  const { expected } = textOf(Object.entries(ALL).find(([known]) => known === name)?.[1] ?? z.never());
  if (given(environment, name) === undefined) return { kind: "missing", text: `${name} is missing: set it to ${expected}.` };
  // No value is ever shown, of no variable: a secret in the wrong one is an easy mistake.
  return { kind: "invalid", text: `${name} is not valid: set it to ${expected}.` };
}

/** A misspelled setting would silently be the default. */
function unknownVariables(environment: Environment): Problem[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith(PREFIX) && !Object.hasOwn(ALL, name) && given(environment, name) !== undefined)
    .map((name) => ({ kind: "invalid", text: `${name} is no setting: unset it, or correct its name (docs/configuration.md lists all).` }));
}

function modelProblems(environment: Environment): Problem[] {
  const missing = needsOfModel((name) => given(environment, name));
  return missing.map(({ names: [name, ...others], because }) => {
    const instead = others.map((other) => `, or ${other} to ${textOf(ALL[other]).expected}`).join("");
    return { kind: "missing", text: `${name} is missing, which ${because} needs: set it to ${textOf(ALL[name]).expected}${instead}.` };
  });
}

function keyProblems(environment: Environment): Problem[] {
  const text = given(environment, "PRIVATE_KEY") !== undefined;
  const file = given(environment, "PRIVATE_KEY_PATH") !== undefined;
  if (text && file) return [{ kind: "invalid", text: "PRIVATE_KEY and PRIVATE_KEY_PATH are both set: unset one of them." }];
  if (text || file) return [];
  const { expected } = textOf(ALL.PRIVATE_KEY_PATH);
  return [{ kind: "missing", text: `PRIVATE_KEY is missing: set it to the PEM text of the App's private key, or PRIVATE_KEY_PATH to ${expected}.` }];
}

function hostProblems(environment: Environment): Problem[] {
  const both = given(environment, "GITHUB_API_URL") !== undefined && given(environment, "GHE_HOST") !== undefined;
  return both ? [{ kind: "invalid", text: "GITHUB_API_URL and GHE_HOST are both set: unset one of them." }] : [];
}

function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  const code = problems.every(({ kind }) => kind === "missing") ? "config/missing" : "config/invalid";
  throw new AutofixError(code, `This configuration does not work:\n${problems.map(({ text }) => `  - ${text}`).join("\n")}`);
}

function operatorConfig(values: z.infer<typeof operatorSchema>, environment: Environment): OperatorConfig {
  const { KUBECONFIG, KUBE_CONTEXT, AUTOFIX_DRY_RUN_KUBECONFIG, KUSTOMIZE_BIN, HELM_BIN } = values;
  const model = modelConfig(values);
  return {
    logLevel: values.LOG_LEVEL,
    ...(KUBECONFIG && !/[:;]./.test(KUBECONFIG.replace(/^[a-z]:\\/i, "")) ? { kubeconfig: KUBECONFIG } : {}),
    ...(KUBE_CONTEXT ? { kubeContext: KUBE_CONTEXT } : {}),
    ...(AUTOFIX_DRY_RUN_KUBECONFIG ? { dryRunKubeconfig: AUTOFIX_DRY_RUN_KUBECONFIG } : {}),
    ...(KUSTOMIZE_BIN ? { kustomizeBin: KUSTOMIZE_BIN } : {}),
    ...(HELM_BIN ? { helmBin: HELM_BIN } : {}),
    path: environment.PATH ?? "",
    engine: values.AUTOFIX_ENGINE,
    ...(model ? { model } : {}),
    bounds: {
      minimumConfidence: values.AUTOFIX_MIN_CONFIDENCE,
      memoryFactor: values.AUTOFIX_MEMORY_FACTOR,
      maxMemoryGi: values.AUTOFIX_MAX_MEMORY_GI,
      cpuFactor: values.AUTOFIX_CPU_FACTOR,
      maxCpu: values.AUTOFIX_MAX_CPU,
      probeSeconds: values.AUTOFIX_PROBE_SECONDS,
      deadlineFactor: values.AUTOFIX_DEADLINE_FACTOR,
    },
    ...(values.AUTOFIX_KINDS ? { kinds: values.AUTOFIX_KINDS } : {}),
    ...(values.AUTOFIX_CLASSES ? { failureClasses: values.AUTOFIX_CLASSES } : {}),
    caps: { open: values.AUTOFIX_MAX_OPEN, perHour: values.AUTOFIX_MAX_PER_HOUR },
    soakSeconds: values.AUTOFIX_SOAK_SECONDS,
    windowScale: values.AUTOFIX_WINDOW_SCALE,
    concurrency: values.AUTOFIX_CONCURRENCY,
    clusters: values.AUTOFIX_CLUSTERS,
    repositoryAliases: values.AUTOFIX_REPOSITORY_ALIASES,
  };
}

/** github.com and ghe.com serve the API below `api.`, a GitHub Enterprise Server below its own host. */
function githubOf(apiUrl: string | undefined, enterpriseHost: string | undefined): AppConfig["github"] {
  if (enterpriseHost) return { apiUrl: `https://${enterpriseHost}/api/v3`, host: enterpriseHost.toLowerCase() };
  const url = apiUrl?.replace(/\/+$/, "") ?? "https://api.github.com";
  const { host } = new URL(url);
  return { apiUrl: url, host: /^api\.(?:github\.com|[\w-]+\.ghe\.com)$/.test(host) ? host.slice("api.".length) : host };
}
