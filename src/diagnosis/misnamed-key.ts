import { type Json, type ObjectRef, refOf, sameRef, stringsIn } from "../cluster/objects.ts";
import { inputsOf } from "../source/compare.ts";
import { type FieldPath, getIn, sameJson, samePath } from "../source/edit/field-path.ts";
import { nameOf } from "../source/git/repository-paths.ts";
import { type Difference, differences } from "../source/plan/differences.ts";
import { doubledKeys } from "../source/slips/doubled-key.ts";
import { escapedBlocks } from "../source/slips/escaped-blocks.ts";
import { hiddenDefaults } from "../source/slips/hidden-defaults.ts";
import { misnamedImages } from "../source/slips/misnamed-images.ts";
import { misnamedValues } from "../source/slips/misnamed-values.ts";
import { quotedVersions } from "../source/slips/quoted-version.ts";
import { respeltKeys } from "../source/slips/respelt-keys.ts";
import { slidValues } from "../source/slips/slid-values.ts";
import { type BasisFile, readTextBasis } from "../source/slips/text-basis.ts";
import { variableFiles } from "../source/slips/variable-files.ts";
import type { FileChange } from "../source/workspace.ts";
import type { DiagnosisInput, Finding } from "./diagnosis.ts";
import { type Past, pastOf } from "./history.ts";
import { isAlikeKey, isAlmost } from "./near-match.ts";
import { namesWord } from "./playbook/words.ts";

/** One key in git that does not do what it was written for, and what to say of it. */
export interface MisnamedKey {
  change: FileChange;
  /** Behind what fails: `…, which the chart does not read`. */
  cause: string;
  words: string;
}

/**
 * Values of a chart that stand under a key which no template reads, where the key that was meant would change the failing object in just what it fails for: a
 * variable that the program misses, its memory, its probe; or a generator that takes a file of variables as a file, or a list in the place of the chart's own, where
 * the program misses one of them. A fix that is known is a part of it: the key says more of what is wrong in git. Undefined where several keys could be meant, or where
 * the key was there at the last good revision.
 */
export async function misnamedKey(input: DiagnosisInput, finding: Finding): Promise<MisnamedKey | undefined> {
  const { workspace, lastGood, rendered } = input;
  const isFix = finding.action.kind === "fix";
  const image = /^image-/.test(finding.failureClass) ? await misnamedImage(input, finding) : undefined;
  if (image) return image;
  // Of a fix only values of a chart can say more: nothing is read where there is none.
  if (rendered.length === 0 || (isFix && !inputsOf(await workspace.render()).some((path) => nameOf(path) === "Chart.yaml"))) return undefined;
  const { files } = await readTextBasis(workspace, lastGood?.workspace);
  const misnamed =
    (await misnamedValue(input, finding, files)) ??
    (await respeltKey(input, finding, files)) ??
    (await doubledKey(input, finding, files)) ??
    (await slidValue(input, finding, files)) ??
    (await escapedBlock(input, finding, files));
  return misnamed ?? (isFix ? undefined : ((await hiddenDefault(input, finding, files)) ?? variableFile(input, finding, files)));
}

async function misnamedValue(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  const [only, ...more] = misnamedValues(files, isAlikeKey);
  if (!only || more.length > 0) return undefined;
  const { wrong, right, change } = only;
  const past = files.map(({ path, lastGood: text }) => ({ path, text, lastGood: text }));
  if (misnamedValues(past, isAlikeKey).some((then) => then.wrong === wrong && then.change.path === change.path)) return undefined;
  const own = await effectOf(input, change);
  if (!own || !explains(own, finding, pastOf(input, input.incident.target))) return undefined;
  return {
    change,
    cause: `${change.path} sets ${wrong}, which the chart does not read; it reads ${right}`,
    words: `Set ${right} instead of ${wrong} in ${change.path}: the only key like it that the chart reads; what is set stays`,
  };
}

/** A key that its chart takes whatever it is called, and that the commit spelt otherwise. */
async function respeltKey(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  if (finding.failureClass === "invalid-manifest") return undefined;
  const only = await onlyExplaining(input, finding, respeltKeys(files, isAlmost), { past: pastOf(input, input.incident.target) });
  if (!only) return undefined;
  return {
    change: only.change,
    cause: `${only.change.path} sets ${only.wrong} now, where it set ${only.right}`,
    words: `Set ${only.right} instead of ${only.wrong} in ${only.change.path}, as it was spelt before; what is set stays`,
  };
}

/** A mapping that stands twice in a file of values, of which only the last one counts. */
async function doubledKey(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  if (finding.failureClass === "invalid-manifest") return undefined;
  const only = await onlyExplaining(input, finding, doubledKeys(files), { past: pastOf(input, input.incident.target) });
  if (!only) return undefined;
  return {
    change: only.change,
    cause: `${only.change.path} has ${only.key} twice since the last good revision, of which only the last one counts`,
    words: `Make one mapping of both ${only.key} in ${only.change.path}; what is set stays`,
  };
}

/** A group of values that stands in another one by its indentation. */
async function slidValue(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  const only = await onlyExplaining(input, finding, slidValues(files), { past: pastOf(input, input.incident.target) });
  if (!only) return undefined;
  return {
    change: only.change,
    cause: `${only.change.path} sets ${only.wrong} where the chart reads ${only.right}`,
    words: `Indent ${only.right} in ${only.change.path} as it was, out of what it slid into; what is set stays`,
  };
}

/** What a change of a file makes of an object, and of ConfigMaps, which it may read; undefined where nothing can be rendered then. */
async function effectOf({ workspace, rendered, incident }: DiagnosisInput, change: FileChange, target = incident.target): Promise<Difference[] | undefined> {
  const outcome = await workspace.renderWith([change]);
  if (outcome.kind !== "rendered") return undefined;
  return [...differences(rendered, outcome.objects).values()].filter(({ object }) => sameRef(object, target) || object.kind === "ConfigMap");
}

/** The only one of some slips, where its change explains what was found; undefined where there are several. */
async function onlyExplaining<Slip extends { change: FileChange }>(
  input: DiagnosisInput,
  finding: Finding,
  [only, ...more]: readonly Slip[],
  { past, target }: { past?: Past | undefined; target?: ObjectRef } = {},
): Promise<Slip | undefined> {
  const own = only && more.length === 0 ? await effectOf(input, only.change, target) : undefined;
  return own && explains(own, finding, past) ? only : undefined;
}

/** A variable that the chart sets by default, in a list that the values of this delivery have in another form. */
async function hiddenDefault(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  const names = new Set(finding.rootCause.match(/\b[A-Za-z]\w{2,60}\b/g));
  const [only, ...more] = [...names].flatMap((name) => hiddenDefaults(files, name).map((hidden) => ({ name, ...hidden })));
  const own = only && more.length === 0 ? await effectOf(input, only.change) : undefined;
  if (!only || own?.length !== 1 || !explains(own, finding, undefined)) return undefined;
  return {
    change: only.change,
    cause: `the chart sets ${only.name} by default in ${only.list}, and ${only.change.path} has a list of its own there, which takes the default's place`,
    words: `Give ${only.list} in ${only.change.path} the variable ${only.name} as the chart's default list has it`,
  };
}

/** An image without its tag, since the entry of a kustomization that gives it one is for another name. */
async function misnamedImage(input: DiagnosisInput, finding: Finding): Promise<MisnamedKey | undefined> {
  const { files } = await readTextBasis(input.workspace, input.lastGood?.workspace);
  const past = pastOf(input, input.incident.target);
  const only = await onlyExplaining(input, finding, misnamedImages(files, input.rendered, isAlmost), { past });
  if (!only) return quotedVersion(input, finding, files);
  return {
    change: only.change,
    cause: `${only.change.path} has ${only.wrong}, and there is none of that name`,
    words: `Let ${only.change.path} have ${only.right} instead of ${only.wrong}: the only image that it can be for; what is set stays`,
  };
}

/** An image whose tag is the chart's own version, which stands there as a number. */
async function quotedVersion(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  const only = await onlyExplaining(input, finding, quotedVersions(files));
  if (!only) return undefined;
  return {
    change: only.change,
    cause: `appVersion in ${only.change.path} is read as the number ${only.wrong}`,
    words: `Put ${only.right} into quotes in ${only.change.path}: it is the version that was written`,
  };
}

/** A block of a template that is not deep enough for the key above it, and so became a part of what stands around. */
async function escapedBlock(input: DiagnosisInput, finding: Finding, files: readonly BasisFile[]): Promise<MisnamedKey | undefined> {
  // What the API server refuses is an object of the delivery that fails.
  const only = await onlyExplaining(input, finding, escapedBlocks(files), { target: finding.target.object });
  if (!only) return undefined;
  return {
    change: only.change,
    cause: `${only.change.path} writes a block with ${only.wrong}, no deeper than the key that should hold it`,
    words: `Write the block with ${only.right} in ${only.change.path}, as deep as its line stands`,
  };
}

function variableFile({ rendered }: DiagnosisInput, { rootCause }: Finding, files: readonly BasisFile[]): MisnamedKey | undefined {
  const [only, ...more] = variableFiles(files, rendered);
  const text = files.find(({ path }) => path === only?.change.path);
  const missed = only?.names.find((name) => namesWord(rootCause, name));
  if (!only || more.length > 0 || missed === undefined || text?.lastGood === text?.text) return undefined;
  return {
    change: only.change,
    cause: `${only.change.path} makes a file of what ConfigMap ${only.map} should have as variables, ${missed} among them`,
    words: `Take the file as variables (envs) instead of as a file in ${only.change.path}: everything that reads ConfigMap ${only.map} reads variables`,
  };
}

/**
 * Of a fix that was found, all fields are among it, whose values what was written may mean otherwise; of a failure without one, a part is about it, or all of it
 * was so at the last good revision.
 */
function explains(own: readonly Difference[], finding: Finding, past: Past | undefined): boolean {
  const { action } = finding;
  if (action.kind !== "fix") return own.some(({ path, wanted }) => isAbout(finding, path, wanted)) || isAsBefore(past, own);
  return action.changes.every(({ object, path }) => own.some((one) => sameRef(one.object, object) && samePath(one.path, path)));
}

function isAsBefore(past: Past | undefined, all: readonly Difference[]): boolean {
  const own = past ? all.filter(({ object }) => sameRef(object, refOf(past.object))) : [];
  return past?.from === "revision" && own.length > 0 && own.every(({ path, wanted }) => holdsAll(wanted, getIn(past.object, path)));
}

/** The very same, or a list with all that was there: what came to it came with the key. */
function holdsAll(wanted: Json | undefined, then: Json | undefined): boolean {
  if (!Array.isArray(wanted) || !Array.isArray(then) || then.length === 0) return sameJson(then, wanted);
  return then.every((item) => wanted.some((one) => sameJson(one, item)));
}

/** Fields that a class is about by its nature. */
const ABOUT: Readonly<Record<string, RegExp>> = {
  "out-of-memory": /^resources$/,
  "liveness-probe": /^livenessProbe$|^startupProbe$/,
  "readiness-probe": /^readinessProbe$/,
  "startup-probe": /^startupProbe$/,
  "unschedulable-resources": /^resources$/,
  "unschedulable-placement": /^(?:nodeSelector|affinity|topologySpreadConstraints)$/,
  "image-not-found": /^image$/,
  // Without its entry of a kustomization an image is looked for where nobody knows it.
  "image-unauthorized": /^(?:imagePullSecrets|image)$/,
  "image-registry": /^image$/,
};

/** A field of the failure's class, or one whose name or content the finding names. */
function isAbout({ failureClass, rootCause, quotes }: Finding, path: FieldPath, wanted: Json | undefined): boolean {
  if (path.some((step) => ABOUT[failureClass]?.test(String(step)))) return true;
  const said = `${rootCause}\n${quotes.map(({ quote }) => quote).join("\n")}`;
  const items = path.flatMap((step, i) => (typeof step === "object" && !/^(?:init)?containers$/i.test(String(path[i - 1])) ? [step.value] : []));
  const words = [...items, ...stringsIn(wanted)];
  return words.some((word) => word.length >= 4 && said.includes(word));
}
