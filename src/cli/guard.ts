import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { describeRef, isKubeObject, type ObjectRef, refOf, textAt } from "../cluster/objects.ts";
import type { SchemaBook } from "../cluster/schema-errors.ts";
import { parseOperatorConfig } from "../config/operator.ts";
import type { Policy } from "../config/policies.ts";
import type { Proposal } from "../diagnosis/diagnosis.ts";
import { AutofixError, messageOf } from "../errors.ts";
import { imagesOfObjects } from "../evidence/known-images.ts";
import type { GateInput } from "../guards/gate.ts";
import { guardOffline, guardOfflineChange, refusedUnread } from "../guards/offline.ts";
import { type InvariantReport, refused } from "../guards/report.ts";
import { FAILURE_CLASSES, type FailureClass } from "../incident/failure-class.ts";
import { permittedPlaces } from "../repair.ts";
import { tryEditFiles } from "../source/edit/document-edits.ts";
import { unifiedDiff } from "../source/edit/patch.ts";
import type { FileChange, OfferedDocument } from "../source/workspace.ts";
import { readPolicies, readSchemas } from "./guard-files.ts";
import { type HandedIn, readHandedIn } from "./guard-proposal.ts";
import { type GuardResultView, guardText, listText } from "./guard-report.ts";
import { type OfflineTree, openOffline } from "./guard-tree.ts";

export const GUARD_HELP = `kube-autofix guard --before DIR --proposal FILE|- [options]

  --before DIR          the tree that fails: a checkout, or any folder of manifests
  --path PATH           the folder in it that is delivered; all of it otherwise
  --proposal FILE|-     an answer in the model's format (JSON), or corrected documents as YAML; - reads standard input
  --class NAME          the failure class, which decides what may change; the answer's own otherwise
  --target KIND/NAME    the object that fails; otherwise that of the first corrected document
  --container NAME      the container that fails; any of them otherwise
  --good DIR            the tree when it worked: its values and images are known to work
  --policies FILE       the team's rules: a list, or a file such as .github/autofix.yml that has it below policies
  --openapi DIR         schemas of your cluster, saved with kubectl get --raw /openapi/v3/apis/apps/v1 > DIR/apps.json
  --list                print which document D1, D2 … are, and nothing else
  --json                print the result as JSON

Runs the whole gate offline and prints the invariant report and the diff that would be committed. Evidence is not there offline, so quotes and confidence
are not judged. Writes nothing.
Exit code: 0 approved, 1 refused, 2 wrong usage.
`;

export interface GuardSurroundings {
  env: Record<string, string | undefined>;
  print(text: string): void;
  standardInput: AsyncIterable<Uint8Array | string>;
}

/** The gate, offline. @returns the process's exit code */
export async function guardCommand(args: readonly string[], around: GuardSurroundings): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    around.print(GUARD_HELP);
    return 0;
  }
  const config = parseOperatorConfig(around.env);
  const cache = join(around.env.XDG_CACHE_HOME ?? join(around.env.HOME ?? homedir(), ".cache"), "kube-autofix", "bin");
  const before = await openOffline(options.before, options.path, { ...config, cache });
  const target = options.target ? namedTarget(before, options.target) : undefined;
  // With a target the ids are those of the prompt that the App would send.
  const offered = target ? await offeredFor(before, target) : before.documents;
  if (options.list) {
    const list = offered.map(({ id, file, index, role, value }) => ({
      id,
      file,
      index,
      role,
      kind: textAt(value, "kind"),
      name: textAt(value, "metadata", "name"),
    }));
    around.print(options.json ? JSON.stringify(list, null, 2) : listText(offered, ({ value }) => (isKubeObject(value) ? describeRef(refOf(value)) : "")));
    return 0;
  }
  const good = options.good ? await openOffline(options.good, options.path, { ...config, cache }) : undefined;
  const policies = options.policies ? await readPolicies(options.policies) : [];
  const schemas = options.openapi ? await readSchemas(options.openapi) : undefined;
  const handed = readHandedIn(await readProposal(options.proposal, around), offered);
  const view = await judge({ before, good, target, offered, handed, options, policies, schemas, bounds: config.bounds });
  around.print(options.json ? JSON.stringify(view, null, 2) : guardText(view));
  return view.verdict === "approved" ? 0 : 1;
}

type Options = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  const { before, proposal, path, class: named, target, container, good, policies, openapi, list, json, help } = parse(args);
  const failureClass = FAILURE_CLASSES.find((one) => one === named);
  if (!help && (!before || (!proposal && !list))) throw usage("guard needs --before DIR and --proposal FILE (or --list); --help says more.");
  if (named !== undefined && !failureClass) throw usage(`--class "${named}" is none of ${FAILURE_CLASSES.join(", ")}.`);
  const given = { before: before ?? "", proposal: proposal ?? "-", path: path ?? ".", list: list ?? false, json: json ?? false, help: help ?? false };
  return { ...given, failureClass, target, container, good, policies, openapi };
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  const texts = { before: text, proposal: text, path: text, class: text, target: text, container: text, good: text, policies: text, openapi: text };
  const options = { ...texts, list: flag, json: flag, help: flag };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (thrown) {
    throw usage(`${messageOf(thrown)} (guard --help lists the options)`);
  }
}

function usage(message: string): AutofixError {
  return new AutofixError("cli/usage", message);
}

async function readProposal(file: string, { standardInput }: GuardSurroundings): Promise<string> {
  if (file === "-") return textOf(standardInput);
  return readFile(file, "utf8").catch((thrown: unknown) => {
    throw usage(`The proposal ${file} cannot be read: ${messageOf(thrown)}`);
  });
}

function namedTarget({ objects }: OfflineTree, text: string): ObjectRef {
  const [kind, ...rest] = text.split("/");
  const [name, namespace] = rest.toReversed();
  const found = objects.map(refOf).filter((ref) => ref.kind === kind && ref.name === name && (namespace === undefined || ref.namespace === namespace));
  const [first, ...more] = found;
  if (!first || more.length > 0)
    throw usage(`--target ${text} fits ${found.length} of the ${objects.length} objects; name it as KIND/NAME or KIND/NAMESPACE/NAME.`);
  return first;
}

async function offeredFor({ workspace, documents }: OfflineTree, target: ObjectRef): Promise<OfferedDocument[]> {
  const offered = await workspace.documentsFor(target);
  return offered.length > 0 ? offered : documents;
}

interface Handing {
  before: OfflineTree;
  good: OfflineTree | undefined;
  target: ObjectRef | undefined;
  offered: OfferedDocument[];
  handed: HandedIn;
  options: Options;
  policies: Policy[];
  schemas: SchemaBook | undefined;
  bounds: GateInput["bounds"];
}

async function judge(handing: Handing): Promise<GuardResultView> {
  const { before, good, offered, handed, options } = handing;
  const failureClass = options.failureClass ?? ("failureClass" in handed ? handed.failureClass : undefined);
  const remarks = failureClass ? [] : ["no failure class is named (--class), and without one nothing is permitted"];
  const view = { failureClass: failureClass ?? "none", rendering: before.rendering, remarks, diff: "" };
  if (handed.kind === "escalates") {
    const report = refusedUnread("envelope", "escalates", `The answer proposes nothing; it says: ${handed.rootCause.slice(0, 300)}`);
    return { ...view, verdict: "refused", report };
  }
  if (handed.kind === "unreadable") return { ...view, verdict: "refused", report: refusedUnread(handed.guard, handed.rule, handed.message) };
  const target = handing.target ?? targetOf(handed, offered, before);
  if (!target) {
    const report = refusedUnread("envelope", "no-target", "Which object fails cannot be told from the proposal: name it with --target KIND/NAME.");
    return { ...view, verdict: "refused", report };
  }
  const input = await gateInput(handing, handed, target, failureClass ?? "unknown");
  if (!good) remarks.push("no tree that worked is named (--good), so only what the tree itself shows is known to work");
  return { ...view, target, ...(await runGate(handing, input)) };
}

/** The first corrected document that is a manifest of a rendered object; a ConfigMap is never what fails. */
function targetOf(
  { documents }: Extract<HandedIn, { kind: "documents" }>,
  offered: readonly OfferedDocument[],
  { objects }: OfflineTree,
): ObjectRef | undefined {
  const corrected = documents.flatMap(({ id }) => offered.find((document) => document.id === id) ?? []);
  for (const { value } of corrected) {
    const own = isKubeObject(value) && value.kind !== "ConfigMap" ? refOf(value) : undefined;
    const found = own && objects.map(refOf).find(({ kind, group, name }) => kind === own.kind && group === own.group && name === own.name);
    if (found) return found;
  }
  const others = objects.filter(({ kind }) => kind !== "ConfigMap" && kind !== "Namespace");
  const [only, ...more] = others;
  return only && more.length === 0 ? refOf(only) : undefined;
}

async function gateInput(
  { before, good, offered, options, policies, bounds }: Handing,
  { rootCause, confidence, documents, words }: Extract<HandedIn, { kind: "documents" }>,
  object: ObjectRef,
  failureClass: FailureClass,
): Promise<GateInput> {
  const target: Proposal["target"] = options.container ? { object, container: options.container } : { object };
  return {
    proposal: { origin: "model", failureClass, rootCause, target, confidence, quotes: [], documents, words },
    target: object,
    evidence: { items: [], omitted: 0, redactions: {} },
    offered,
    permitted: await permittedPlaces(before.workspace, { failureClass, target, documents }, offered, before.objects),
    rendered: before.objects,
    knownImages: imagesOfObjects([...before.objects, ...(good?.objects ?? [])]),
    ...(good ? { lastGood: good.objects } : {}),
    tried: [],
    policies,
    bounds,
  };
}

async function runGate({ before, schemas }: Handing, input: GateInput): Promise<Pick<GuardResultView, "verdict" | "report" | "diff">> {
  const verdict = guardOffline(input);
  if (verdict.kind === "refused") return { verdict: "refused", report: verdict.report, diff: "" };
  const edited = await tryEditFiles(before.workspace.tree, verdict.edits);
  if (edited.kind === "refused") return { verdict: "refused", report: withRefusal(verdict.report, edited.code, edited.message), diff: "" };
  const files: FileChange[] = edited.files;
  const [was, is] = [await before.renderWith([]), await before.renderWith(files)];
  const made = { files, before: was, after: is, alsoAffects: await before.workspace.alsoAffects(files), ...(schemas ? { schemas } : {}) };
  const { kind, report } = guardOfflineChange(input, verdict, made);
  return { verdict: kind, report, diff: kind === "approved" ? unifiedDiff(files) : "" };
}

function withRefusal(report: InvariantReport, code: string, message: string): InvariantReport {
  return { ...report, findings: [...report.findings, refused("yaml", `edit-${code}`, message)] };
}
