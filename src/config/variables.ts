import { z } from "zod";
import { type Bounds, rangeOf } from "./bounds.ts";
import { MODEL_VARIABLES } from "./model-variables.ts";
import { number, variable, webAddress } from "./variable.ts";

const PEM = /-----BEGIN (?:RSA )?PRIVATE KEY-----[\s\S]+-----END (?:RSA )?PRIVATE KEY-----/;

/** A key as environments hold it: PEM, PEM with `\n` spelled out, or either in base64. */
function pemOf(text: string): string {
  const unescaped = text.replaceAll("\\n", "\n");
  return unescaped.includes("-----BEGIN") ? unescaped : Buffer.from(text, "base64").toString("utf8").replaceAll("\\n", "\n");
}

const LONGEST_LIST = 20_000;

/** `from=owner/name, …`; a URL may hold "=" itself, a repository's name may not. */
const aliases = z
  .string()
  .max(LONGEST_LIST)
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
  )
  .refine((entries) => entries.every((entry) => /^\S+=[\w-]+\/[\w.-]+$/.test(entry)))
  .transform((entries) => new Map(entries.map((entry) => [entry.slice(0, entry.lastIndexOf("=")), entry.slice(entry.lastIndexOf("=") + 1)])));

/** `destination=context, …`; an address and a context may hold "=" themselves, the name of a context seldom does. */
const clusters = z
  .string()
  .max(LONGEST_LIST)
  .transform((text) =>
    text
      .split(",")
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ""),
  )
  .refine((entries) => entries.every((entry) => /^[^\s=]\S*=[^\s=]+$/.test(entry)))
  .transform((entries) => new Map(entries.map((entry) => [entry.slice(0, entry.lastIndexOf("=")), entry.slice(entry.lastIndexOf("=") + 1)])));
/** Words separated by commas; at least one, since an empty list would switch everything off. */
const words = () =>
  z
    .string()
    .max(LONGEST_LIST)
    .transform((text) => text.split(",").map((word) => word.trim()))
    .refine((list) => list.every((word) => /^[A-Za-z-]+$/.test(word)))
    .optional();

/** Every setting that has to do with GitHub and the server: the App needs them, `kube-autofix diagnose` does not. */
export const APP_VARIABLES = {
  APP_ID: variable(number(1, 999_999_999).refine(Number.isInteger), {
    about: "The GitHub App's id.",
    expected: "the number that the App's settings page shows",
    otherwise: "the App does not start",
  }),
  PRIVATE_KEY: variable(
    z
      .string()
      .transform(pemOf)
      .refine((pem) => PEM.test(pem))
      .optional(),
    {
      about: "The App's private key.",
      expected: "the PEM text of the App's private key; line breaks may be written as \\n, or all of it in base64",
      otherwise: "PRIVATE_KEY_PATH is read",
      secret: true,
    },
  ),
  PRIVATE_KEY_PATH: variable(z.string().optional(), {
    about: "A file with the App's private key, instead of PRIVATE_KEY.",
    expected: "the path of the .pem file that GitHub gave",
    otherwise: "PRIVATE_KEY is needed",
  }),
  WEBHOOK_SECRET: variable(
    z
      .string()
      .min(8)
      .refine((secret) => secret !== "development"),
    {
      about: "Proves that a webhook comes from GitHub.",
      expected: 'the secret of the App\'s webhook, at least 8 characters, and not "development"',
      otherwise: "the App does not start",
      secret: true,
    },
  ),
  GITHUB_API_URL: variable(webAddress.optional(), {
    about: "GitHub's API where it is not github.com's.",
    expected: "an address such as https://git.example.com/api/v3",
    otherwise: "https://api.github.com, or what GHE_HOST says",
  }),
  GHE_HOST: variable(
    z
      .string()
      .regex(/^[a-z\d](?:[a-z\d.-]*[a-z\d])?(?::\d{1,5})?$/i)
      .optional(),
    {
      about: "A GitHub Enterprise Server.",
      expected: "its host name, such as git.example.com",
      otherwise: "github.com",
    },
  ),
  HOST: variable(z.string().default("0.0.0.0"), {
    about: "Where the server listens.",
    expected: "an address or host name of this machine",
    otherwise: "0.0.0.0, all of them",
  }),
  PORT: variable(number(0, 65_535).refine(Number.isInteger).default(3000), {
    about: "The port of the server.",
    expected: "a number from 0 to 65535",
    otherwise: "3000",
  }),
};

/** A bound on fixes; a repository may only make it tighter (bounds.ts). */
function bound(name: keyof Bounds, what: string, about: string) {
  const { least, most, otherwise } = rangeOf(name);
  return variable(number(least, most).default(otherwise), { about, expected: `${what} from ${least} to ${most}`, otherwise: String(otherwise) });
}

/** Settings of everything that looks at clusters and works out fixes. */
export const OPERATOR_VARIABLES = {
  LOG_LEVEL: variable(z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"), {
    about: "How much is logged.",
    expected: "one of trace, debug, info, warn, error, fatal, silent",
    otherwise: "info",
  }),
  KUBECONFIG: variable(z.string().optional(), {
    about: "How to reach the cluster.",
    expected: "the path of a kubeconfig file",
    otherwise: "~/.kube/config, or inside a cluster the pod's service account",
  }),
  KUBE_CONTEXT: variable(z.string().optional(), {
    about: "Which context of the kubeconfig to use.",
    expected: "the name of a context",
    otherwise: "the kubeconfig's current one",
  }),
  AUTOFIX_DRY_RUN_KUBECONFIG: variable(z.string().optional(), {
    about: "Switches the last guard on: the cluster tries each fix (`dryRun=All`) before it is proposed, as an account of its own. See deploy/dry-run.yaml.",
    expected: "the path of a kubeconfig file for an account that may do nothing else",
    otherwise: "no cluster is asked, and nothing but GET requests leaves for one",
  }),
  KUSTOMIZE_BIN: variable(z.string().optional(), {
    about: "The program that renders kustomizations.",
    expected: "the path of kustomize or kubectl",
    otherwise: "kustomize or kubectl on PATH",
  }),
  HELM_BIN: variable(z.string().optional(), { about: "The program that renders charts.", expected: "the path of helm", otherwise: "helm on PATH" }),
  AUTOFIX_ENGINE: variable(z.enum(["playbook", "model", "auto"]).default("auto"), {
    about: "Who diagnoses: the built-in playbook, a model, or the playbook where it is certain and else the model.",
    expected: "playbook, model or auto",
    otherwise: "auto; without OPENAI_MODEL that is the playbook alone",
  }),
  ...MODEL_VARIABLES,
  AUTOFIX_MIN_CONFIDENCE: bound("minimumConfidence", "a number", "Below this confidence people are told instead of a fix being proposed."),
  AUTOFIX_MEMORY_FACTOR: bound("memoryFactor", "a number", "A fix may multiply a memory limit by no more than this."),
  AUTOFIX_MAX_MEMORY_GI: bound("maxMemoryGi", "a number of GiB", "A fix sets no memory request or limit above this, unless it puts an earlier value back."),
  AUTOFIX_CPU_FACTOR: bound("cpuFactor", "a number", "A fix may multiply a CPU request or limit by no more than this, where a limit range asks for more."),
  AUTOFIX_MAX_CPU: bound("maxCpu", "a number of cores", "A fix sets no CPU request or limit above this, unless it puts an earlier value back."),
  AUTOFIX_PROBE_SECONDS: bound("probeSeconds", "a number of seconds", "A fix may let a probe's failures go unnoticed for no longer than this."),
  AUTOFIX_DEADLINE_FACTOR: bound("deadlineFactor", "a number", "A fix may multiply a job's deadline by no more than this."),
  AUTOFIX_KINDS: variable(words(), {
    about: "Kinds of objects that a fix may change. A repository may have fewer.",
    expected: "a list such as Deployment, StatefulSet, Service, separated by commas",
    otherwise: "all that the guards know",
  }),
  AUTOFIX_CLASSES: variable(words(), {
    about: "Failure classes that are looked after. A repository may have fewer.",
    expected: "a list such as image-not-found, out-of-memory, separated by commas",
    otherwise: "all of them",
  }),
  AUTOFIX_MAX_OPEN: variable(number(1, 100).refine(Number.isInteger).default(10), {
    about: "At most so many of the bot's pull requests are open in one repository; the rest waits, and an issue lists it. A repository may have fewer.",
    expected: "a whole number from 1 to 100",
    otherwise: "10",
  }),
  AUTOFIX_MAX_PER_HOUR: variable(number(1, 100).refine(Number.isInteger).default(10), {
    about: "At most so many pull requests are opened in one repository within an hour; the rest waits, and an issue lists it. A repository may have fewer.",
    expected: "a whole number from 1 to 100",
    otherwise: "10",
  }),
  AUTOFIX_SOAK_SECONDS: variable(number(0, 86_400).default(60), {
    about: "How long a deployment must stay ready after the merge before it counts as healed.",
    expected: "a number of seconds from 0 to 86400",
    otherwise: "60",
  }),
  AUTOFIX_WINDOW_SCALE: variable(number(0, 10).default(1), {
    about: "Multiplies how long a failure must last before it counts. Less than 1 means proposals for failures that would pass by themselves.",
    expected: "a number from 0 to 10",
    otherwise: "1",
  }),
  AUTOFIX_CONCURRENCY: variable(number(1, 64).refine(Number.isInteger).default(4), {
    about: "How many deliveries are looked at at the same time.",
    expected: "a whole number from 1 to 64",
    otherwise: "4",
  }),
  AUTOFIX_CLUSTERS: variable(clusters.default(new Map()), {
    about:
      "Other clusters that deliveries deploy to, each read with credentials of its own: the destination's server or name (Argo CD), or namespace/name of the Secret in spec.kubeConfig (Flux).",
    expected: "a list such as https://10.0.0.1:6443=prod-eu, staging=file:/etc/kube/staging.yaml, separated by commas: a context of the kubeconfig, or a file",
    otherwise: "of such deliveries only their own status is seen",
  }),
  AUTOFIX_REPOSITORY_ALIASES: variable(aliases.default(new Map()), {
    about: "For clusters that pull from a mirror: which repository on GitHub a URL stands for.",
    expected: "a list such as http://mirror.example.com/shop.git=acme/shop, separated by commas",
    otherwise: "deliveries must name GitHub itself",
  }),
};
