import { type Json, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../source/edit/field-path.ts";
import { commandMeant, NOT_EXECUTABLE } from "../../source/meant/command-meant.ts";
import { volumeNotToRun } from "../../source/meant/mounted-files.ts";
import { narrowedMount } from "../../source/meant/narrowed-mount.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { type ContainerAt, containerOf, containersOf, mountPathAt, podSpecOf } from "../workload.ts";
import { putBackItems } from "./crash/arguments.ts";
import { hardened } from "./crash/hardened.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { folderOverFile } from "./files/mount-meant.ts";
import { blamedOfVolume, DENIED, toRun, volumeOf } from "./files/volume-file.ts";
import { namedValue } from "./named-value.ts";
import { scriptCommand } from "./settings/script-command.ts";
import { namesWord } from "./words.ts";

/** Containers whose process cannot be started: no such program, no such folder, or a shell that does not find the command. */
export const start: PlaybookEntry = {
  name: "start",
  topic: "commands that cannot start",
  diagnose: (input) =>
    troubledContainers(input).flatMap((container) =>
      container.trouble === "start" ? notStarted(input, container) : container.trouble === "config" ? notCreated(input, container) : [],
    ),
};

/**
 * The runtime cannot create the container, for something that the commit brought and that the runtime quotes. Missing ConfigMaps and the like are another
 * entry's.
 */
function notCreated(input: DiagnosisInput, { name, pods, waiting }: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  if (!now || waiting.reason !== "CreateContainerError") return [];
  const quotes = quoteFirst(input.evidence, [waiting.message], { container: name, pods });
  const rootCause = `${place(object, name)} cannot be created: ${shown(waiting.message)}.`;
  const found = namedValue(input, now, waiting.message, {
    failureClass: "command-not-found",
    rootCause,
    object,
    container: name,
    quotes,
    confidence: CONFIDENCE.confirmed,
  });
  return found ? [found] : [];
}

const FIELDS = ["command", "args", "workingDir"] as const;
const MOUNT = /error mounting|not a directory: (?:unknown|Are you trying to mount)/;

function notStarted(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const message = startMessage(container);
  const program = NOT_EXECUTABLE.exec(message)?.[1];
  const where = place(object, container.name);
  const statement = {
    failureClass: "command-not-found" as const,
    rootCause: program === undefined ? `${where} cannot start its command.` : `${where} starts ${program}, which the image ${container.image} does not have.`,
    object,
    container: container.name,
    quotes: quoteFirst(input.evidence, [message, ...notFoundLines(input, container), "exit code 127", container.ended?.reason ?? ""], {
      container: container.name,
      pods: container.pods,
    }),
    confidence: CONFIDENCE.confirmed,
  };
  if (MOUNT.test(message) && (!now || !found)) return [];
  if (!now || !found) return [escalate(statement, "the container is not in what the branch renders", "Look for who creates this workload; git does not.")];
  if (MOUNT.test(message)) {
    const meant = folderOverFile(
      { input, now, found, statement: { ...statement, quotes: quoteFirst(input.evidence, [message], { pods: container.pods }) } },
      message,
    );
    return meant ? [meant] : [];
  }
  const past = pastOf(input, object);
  const changed = FIELDS.flatMap((field) => changedBelow(past, now, [...found.path, field]));
  const mounts = changedBelow(past, now, [...found.path, "volumeMounts"]);
  const hiding = mounts.filter(({ after, path }) => hides(path, after, program));
  // What starts is as it was, or another program of the image: then the mount is what came between.
  if (past && hiding.length > 0 && !changed.some(({ after }) => program !== undefined && JSON.stringify(after ?? null).includes(JSON.stringify(program)))) {
    const rootCause = `${where} cannot start ${program ?? "its command"}: a volume is mounted over its folder now.`;
    return [restoring({ ...statement, failureClass: "volume-mount", rootCause }, past, together(mounts, hiding))];
  }
  const crashCase = { input, container, now, found, past, changed: changedBelow(past, now, found.path), log: logLines(input, container), statement };
  const called = program === undefined ? scriptCommand(crashCase) : undefined;
  if (called) return [called];
  const blamed = program === undefined ? folderOr(changed, message) : blame(changed, program);
  const meant = asMeant(input, statement, found, program);
  // Words that came with the commit stay, where they are only written as one.
  if (past && blamed.length > 0) return [meant?.why === "words" ? meant.finding : restoring(statement, past, blamed)];
  const volume = program === undefined ? undefined : volumeOf(found, program);
  if (program !== undefined && volume !== undefined)
    return [fromVolume(input, { ...statement, failureClass: "volume-mount" }, { past, now, found }, { program, volume, message })];
  const denied = hardened(crashCase);
  if (denied) return [denied];
  const release = changedBelow(past, now, [...found.path, "image"]);
  if (past && release.length === 1 && found.value.command !== undefined && input.lastGood) {
    const rootCause = `${where} starts ${program ?? "its command"}, which the new image ${container.image} does not have; the one before had it.`;
    return [restoring({ ...statement, failureClass: "crash-on-start", rootCause, confidence: CONFIDENCE.suggested }, past, release)];
  }
  if (release.length > 0) {
    return [
      escalate(
        { ...statement, confidence: CONFIDENCE.likely },
        "the image changed and the command did not",
        "Build the program into the new image, give its new place in `command`, or go back to the last good image.",
      ),
    ];
  }
  return [meant?.finding ?? similar(input, statement, found, program)];
}

/** A program that lies in a volume is none of the image's: what git changed about the volume is to blame, or nothing that git says. */
function fromVolume(
  { rendered }: DiagnosisInput,
  statement: Parameters<typeof fix>[0],
  { past, now, found }: { past: ReturnType<typeof pastOf>; now: KubeObject; found: ContainerAt },
  { program, volume, message }: { program: string; volume: string; message: string },
): Finding {
  const how = DENIED.test(message) ? "may not be run" : "is not there";
  const said = { ...statement, rootCause: `${place(statement.object, statement.container)} starts ${program} of volume ${volume}, which ${how}.` };
  const blamed = blamedOfVolume({ past, now }, volume, message);
  if (past && blamed.length > 0) return restoring(said, past, blamed);
  if (DENIED.test(message) && volumeNotToRun(podSpecOf(now), found.value, program, rendered) === volume) {
    const { change, words } = toRun(statement.object, now, volume);
    return fix({ ...said, confidence: CONFIDENCE.likely }, [change], [words]);
  }
  const narrowed = narrowedMount(podSpecOf(now), found.value, program);
  if (narrowed) {
    const { index, before, after } = narrowed;
    const rootCause = `${place(statement.object, statement.container)} cannot start ${program}: the empty volume ${volume} is mounted over its folder.`;
    const path = [...mountPathAt(found, index), "mountPath"];
    const words = `Mount volume ${volume} at ${after}, which a variable names, instead of ${before}, where the program is`;
    return fix({ ...statement, rootCause, confidence: CONFIDENCE.suggested }, [{ object: statement.object, path, before, after }], [words]);
  }
  return escalate(
    { ...said, confidence: CONFIDENCE.likely },
    "the volume did not change in git",
    `Look at what volume ${volume} holds: a program in it has to be there and executable.`,
  );
}

/** Whether a mount that is new or moved lies over the folder of a program, or over everything. */
function hides(path: FieldPath, after: ReturnType<typeof changedBelow>[number]["after"], program: string | undefined): boolean {
  const folder = path.at(-1) === "mountPath" && typeof after === "string" ? after : textAt(after ?? null, "mountPath");
  return folder === "/" || (folder !== "" && program !== undefined && program.startsWith(`${folder.replace(/\/$/, "")}/`));
}

/** A mount that moved shows as one that went and one that came. */
function together(all: ReturnType<typeof changedBelow>, hiding: ReturnType<typeof changedBelow>): ReturnType<typeof changedBelow> {
  const names = new Set(hiding.map(({ after }) => textAt(after ?? null, "name")));
  return all.filter((change) => hiding.includes(change) || (change.after === undefined && names.has(textAt(change.before ?? null, "name"))));
}

/** The working directory where the runtime names it; else everything. */
function folderOr(changed: readonly FieldChange[], message: string): readonly FieldChange[] {
  const folder = changed.filter(({ path, after }) => path.at(-1) === "workingDir" && typeof after === "string" && namesWord(message, after));
  return folder.length > 0 ? folder : changed;
}

/**
 * The fields whose new value holds the program that was not found, of a list that item. A wrapper may print another name, and a relative one depends on the folder:
 * then what decides what is started, and only without that the arguments.
 */
function blame(changed: readonly FieldChange[], program: string): readonly FieldChange[] {
  const isIt = (item: Json) => item === program;
  const named = changed.filter(({ after }) => JSON.stringify(after ?? null).includes(JSON.stringify(program).slice(1, -1)));
  const exact = named.map((change) => ({
    ...change,
    before: Array.isArray(change.after) && change.after.some(isIt) ? putBackItems(change, isIt) : change.before,
  }));
  if (exact.length > 0) return exact;
  const deciding = changed.filter(({ path }) => !path.includes("args"));
  return deciding.length > 0 ? deciding : changed;
}

/** Without history: what another container with the same image starts, if this is nearly that. */
function similar(input: DiagnosisInput, statement: Parameters<typeof fix>[0], found: ContainerAt, program: string | undefined): Finding {
  const image = textAt(found.value, "image");
  const others = input.rendered.flatMap(containersOf).filter((other) => textAt(other.value, "image") === image);
  const meant =
    program === undefined
      ? undefined
      : nearMatch(
          program,
          others.flatMap(({ value }) => [textAt(value, "command", 0), textAt(value, "args", 0)]),
        );
  const field = FIELDS.find((name) => textAt(found.value, name, 0) === program);
  const moved = meant === undefined ? asArguments(statement, found, others) : undefined;
  if (moved) return moved;
  if (meant === undefined || field === undefined || program === undefined) {
    return escalate(
      statement,
      "no command is known that worked here",
      "Set `command` to a program that the image has, or remove it to use the image's own entrypoint.",
    );
  }
  const path: FieldPath = [...found.path, field, 0];
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [{ object: statement.object, path, before: program, after: meant }],
    [`Start ${meant} instead of ${program}, as another container with the same image does`],
  );
}

/** A command with one reading, which the runtime cannot start as it is written. */
function asMeant(input: DiagnosisInput, statement: Parameters<typeof fix>[0], found: ContainerAt, program = "") {
  const all = input.rendered.flatMap(containersOf).map(({ value }) => value);
  const meant = commandMeant(found.value, program, all);
  if (!meant) return undefined;
  const words =
    meant.why === "words"
      ? `Write ${shown(program)} as the words that it is made of: the runtime looks for one program of that whole name`
      : `Start ${meant.command[0]} instead of ${program}: the image has no bash, and nothing in the script needs it`;
  const [wrong, before] = [found.path, listAt(found.value, "command")];
  const change =
    meant.why === "words"
      ? { path: [...wrong, "command"], before, after: meant.command }
      : { path: [...wrong, "command", 0], before: program, after: meant.command[0] };
  return { why: meant.why, finding: fix({ ...statement, confidence: CONFIDENCE.suggested }, [{ object: statement.object, ...change }], [words]) };
}

function startMessage({ ended, waiting, events }: TroubledContainer): string {
  const noted = events.filter(({ reason }) => reason === "Failed").map(({ note }) => note);
  return [ended?.message ?? "", ...noted, waiting.message].find((text) => /exec|no such file|chdir|mounting|permission denied|executable/.test(text)) ?? "";
}

function notFoundLines(input: DiagnosisInput, container: TroubledContainer): string[] {
  return logLines(input, container)
    .filter(({ text }) => /not found|no such file|cannot execute|permission denied/i.test(text))
    .map(({ quoted }) => quoted)
    .reverse();
}

/**
 * A command that is no path, where others with the same image give words like it to the image's own program: they were meant as arguments (Container.command,
 * Container.args).
 */
function asArguments(statement: Parameters<typeof fix>[0], found: ContainerAt, others: readonly ContainerAt[]): Finding | undefined {
  const [command, args] = ["command", "args"].map((field) => listAt(found.value, field));
  const rest = others.filter((other) => other.value !== found.value);
  const usesOwn = rest.length > 0 && rest.every(({ value }) => listAt(value, "command").length === 0);
  const first = command?.[0];
  if (!command || args?.length !== 0 || typeof first !== "string" || first.includes("/") || !usesOwn) return undefined;
  const change = (field: string, before: Json | undefined, after: Json | undefined) => ({
    object: statement.object,
    path: [...found.path, field],
    before,
    after,
  });
  return fix(
    { ...statement, confidence: CONFIDENCE.suggested },
    [change("args", undefined, [...command]), change("command", [...command], undefined)],
    [`Give ${command.map(String).join(" ")} as arguments to the image's own program, as other containers with the same image do`],
  );
}
