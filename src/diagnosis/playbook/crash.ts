import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { containerOf } from "../workload.ts";
import { tokenGone } from "./account-token.ts";
import { wordAllowed } from "./allowed-word.ts";
import { argumentGone, argumentUnknown, asLists } from "./arguments.ts";
import { type CrashCase, lastWords } from "./crash-case.ts";
import { diskFull } from "./disk-full.ts";
import { CONFIDENCE, escalate, oneStop, type PlaybookEntry, place, shown } from "./entry.ts";
import { externalTrouble, permissionDenied } from "./external.ts";
import { hardened } from "./hardened.ts";
import { heapLimit } from "./heap.ts";
import { hookFailed } from "./hook.ts";
import { variablesIgnored } from "./misplaced-field.ts";
import { modeLacks } from "./mode-lacks.ts";
import { fileAsFolder } from "./mount-meant.ts";
import { mountMoved } from "./mount-moved.ts";
import { mountedFile } from "./mounted-file.ts";
import { numberWithUnit } from "./no-number.ts";
import { optionalReference } from "./optional-reference.ts";
import { otherForm } from "./other-form.ts";
import { notAllowed } from "./outside.ts";
import { prefixForgotten, prefixUnread } from "./prefix-forgotten.ts";
import { readOnly } from "./read-only.ts";
import { optionalGone, unexpanded } from "./references-unmet.ts";
import { refusesRoot } from "./refuses-root.ts";
import { faulty, versionRefused } from "./release.ts";
import { serviceLinks } from "./service-links.ts";
import { serviceRenamed } from "./service-renamed.ts";
import { setOutside } from "./set-outside.ts";
import { settingBlamed } from "./settings.ts";
import { silentlyAstray } from "./stray-address.ts";
import { subPathGone } from "./sub-path-gone.ts";
import { textSlip } from "./text-slip.ts";
import { unexplained } from "./unexplained.ts";
import { namedByLog, portByName, variableGone, variableNeverSet, variablePrefixed } from "./variables.ts";
import { scriptDenied, volumeFile } from "./volume-file.ts";
import { volumeMisplaced } from "./volume-misplaced.ts";
import { volumeUnmounted } from "./volume-unmounted.ts";

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
  serviceRenamed,
  serviceLinks,
  unexpanded,
  tokenGone,
  refusesRoot,
  permissionDenied,
  volumeFile,
  scriptDenied,
  readOnly,
  argumentGone,
  argumentUnknown,
  mountMoved,
  diskFull,
  subPathGone,
  otherForm,
  hardened,
  prefixForgotten,
  variableGone,
  optionalReference,
  heapLimit,
  numberWithUnit,
  wordAllowed,
  notAllowed,
  textSlip,
  settingBlamed,
  optionalGone,
  setOutside,
  externalTrouble,
  versionRefused,
  modeLacks,
  namedByLog,
  mountedFile,
  volumeUnmounted,
  volumeMisplaced,
  fileAsFolder,
  portByName,
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
    if (finding) return [finding];
  }
  return [unexplained(crashCase)];
}

function ending({ ended }: TroubledContainer, said: string | undefined): string {
  if (said !== undefined) return `ends with: ${shown(said)}`;
  return ended?.exitCode === undefined ? "crashed, and its pods are gone" : `ends with exit code ${ended.exitCode} and says nothing`;
}

function backOff({ events }: TroubledContainer): string {
  return events.find(({ reason }) => reason === "BackOff")?.note ?? "";
}
