import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { containerOf } from "../workload.ts";
import { externalTrouble, permissionDenied } from "./addresses/external.ts";
import { notAllowed } from "./addresses/outside.ts";
import { privilegedPort } from "./addresses/privileged-port.ts";
import { serviceLinks } from "./addresses/service-links.ts";
import { serviceRenamed } from "./addresses/service-renamed.ts";
import { silentlyAstray } from "./addresses/stray-address.ts";
import { variablesIgnored } from "./apply/misplaced-field.ts";
import { tokenGone } from "./crash/account-token.ts";
import { wordAllowed } from "./crash/allowed-word.ts";
import { argumentValueGone } from "./crash/argument-value.ts";
import { argumentGone, argumentUnknown, asLists } from "./crash/arguments.ts";
import { type CrashCase, lastWords } from "./crash/crash-case.ts";
import { floatNumber } from "./crash/float-number.ts";
import { hardened } from "./crash/hardened.ts";
import { heapLimit } from "./crash/heap.ts";
import { hookFailed } from "./crash/hook.ts";
import { argumentJoined } from "./crash/joined-argument.ts";
import { leadsNowhere } from "./crash/leads-nowhere.ts";
import { numberWithUnit } from "./crash/no-number.ts";
import { numberLost } from "./crash/number-lost.ts";
import { otherProgram } from "./crash/other-program.ts";
import { refusesRoot } from "./crash/refuses-root.ts";
import { faulty, versionRefused } from "./crash/release.ts";
import { shellSyntax } from "./crash/shell-syntax.ts";
import { takenLiterally } from "./crash/taken-literally.ts";
import { toldBeside } from "./crash/told-beside.ts";
import { unexplained } from "./crash/unexplained.ts";
import { usagePrinted } from "./crash/usage-printed.ts";
import { CONFIDENCE, escalate, oneStop, type PlaybookEntry, place, shown } from "./entry.ts";
import { diskFull } from "./files/disk-full.ts";
import { fileCalled } from "./files/file-called.ts";
import { fileUnlisted } from "./files/file-unlisted.ts";
import { keyInText } from "./files/key-in-text.ts";
import { modeLacks } from "./files/mode-lacks.ts";
import { fileAsFolder } from "./files/mount-meant.ts";
import { mountMoved } from "./files/mount-moved.ts";
import { mountNamed } from "./files/mount-named.ts";
import { mountedFile } from "./files/mounted-file.ts";
import { readOnly } from "./files/read-only.ts";
import { subPathGone } from "./files/sub-path-gone.ts";
import { textSlip } from "./files/text-slip.ts";
import { scriptDenied, volumeFile } from "./files/volume-file.ts";
import { volumeMisplaced } from "./files/volume-misplaced.ts";
import { volumeUnmounted } from "./files/volume-unmounted.ts";
import { workingFolder } from "./files/working-folder.ts";
import { writerMoved } from "./files/writer-moved.ts";
import { doubled } from "./settings/doubled.ts";
import { namedByLog } from "./settings/named-by-log.ts";
import { optionalReference } from "./settings/optional-reference.ts";
import { otherForm } from "./settings/other-form.ts";
import { portUnreadable, portWrittenOut } from "./settings/port-written.ts";
import { prefixForgotten, prefixUnread } from "./settings/prefix-forgotten.ts";
import { optionalGone, unexpanded } from "./settings/references-unmet.ts";
import { setOutside } from "./settings/set-outside.ts";
import { settingBlamed } from "./settings/setting-blamed.ts";
import { shellVariableGone } from "./settings/shell-variable.ts";
import { sourceGone } from "./settings/source-gone.ts";
import { templateLeft } from "./settings/template-left.ts";
import { variableGone } from "./settings/variable-gone.ts";
import { variableNeverSet } from "./settings/variable-never-set.ts";
import { variablePrefixed } from "./settings/variable-prefixed.ts";

/** Programs that start and end with an error: what their log names decides, then what the last commits changed. */
export const crash: PlaybookEntry = {
  name: "crash",
  topic: "crashes that a change explains",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble }) => trouble === "crash")
      .flatMap((container) => crashed(input, container)),
};

/** In the order in which they decide: what the program names precisely comes before what it only mentions. */
const EXPLANATIONS: readonly ((crashCase: CrashCase) => Finding | undefined)[] = [
  hookFailed,
  otherProgram,
  serviceRenamed,
  serviceLinks,
  unexpanded,
  templateLeft,
  tokenGone,
  refusesRoot,
  permissionDenied,
  fileUnlisted,
  volumeFile,
  scriptDenied,
  mountMoved,
  mountNamed,
  writerMoved,
  readOnly,
  privilegedPort,
  workingFolder,
  shellSyntax,
  argumentGone,
  argumentValueGone,
  argumentJoined,
  argumentUnknown,
  diskFull,
  subPathGone,
  otherForm,
  hardened,
  prefixForgotten,
  doubled,
  variableGone,
  shellVariableGone,
  sourceGone,
  optionalReference,
  heapLimit,
  floatNumber,
  numberWithUnit,
  takenLiterally,
  wordAllowed,
  notAllowed,
  keyInText,
  textSlip,
  settingBlamed,
  optionalGone,
  setOutside,
  toldBeside,
  externalTrouble,
  versionRefused,
  modeLacks,
  portWrittenOut,
  namedByLog,
  numberLost,
  usagePrinted,
  fileAsFolder,
  mountedFile,
  fileCalled,
  volumeUnmounted,
  volumeMisplaced,
  portUnreadable,
  variablePrefixed,
  prefixUnread,
  variablesIgnored,
  variableNeverSet,
  silentlyAstray,
  faulty,
];

function crashed(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const log = logLines(input, container);
  const said = lastWords({ log });
  const statement = {
    failureClass: object.kind === "Job" || object.kind === "CronJob" ? ("job-failed" as const) : ("crash-on-start" as const),
    rootCause: oneStop(`${place(object, container.name)} ${ending(container, said?.text)}.`),
    object,
    container: container.name,
    quotes: quoteEach(input.evidence, [said ? [said.quoted, said.text] : [], [container.waiting.message, backOff(container), "exit code"]], {
      container: container.name,
      pods: container.pods,
    }),
    confidence: CONFIDENCE.confirmed,
  };
  if (!now || !found) return [escalate(statement, "the container is not in what the branch renders", "Look for who creates this workload; git does not.")];
  const past = pastOf(input, object);
  const crashCase: CrashCase = {
    input,
    container,
    now,
    found,
    past,
    changed: asLists(changedBelow(past, now, found.path), found, past && containerOf(past.object, found.name)),
    log,
    statement,
  };
  for (const explain of EXPLANATIONS) {
    const finding = explain(crashCase);
    if (finding && !leadsNowhere(crashCase, finding)) return [finding];
  }
  const last = unexplained(crashCase);
  return [leadsNowhere(crashCase, last) ? escalate(statement, "what it named before is gone from git as well", "Look what it is called now.") : last];
}

function ending({ ended }: TroubledContainer, said: string | undefined): string {
  if (said !== undefined) return `ends with: ${shown(said)}`;
  return ended?.exitCode === undefined ? "crashed, and its pods are gone" : `ends with exit code ${ended.exitCode} and says nothing`;
}

function backOff({ events }: TroubledContainer): string {
  return events.find(({ reason }) => reason === "BackOff")?.note ?? "";
}
