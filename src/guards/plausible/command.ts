// Words of a command come from history, from the baseline, are a near miss of one of those, or are plain words that the evidence names.
// A shell, an interpreter or a script is never taken from evidence: anybody can write a log line.
import { isObject, type Json, objectAt, stringsIn } from "../../cluster/objects.ts";
import type { EvidenceKind } from "../../evidence/evidence.ts";
import { type FieldChange, getIn, sameJson } from "../../source/edit/field-path.ts";
import { commandMeant, NOT_EXECUTABLE } from "../../source/meant/command-meant.ts";
import { type MovedFile, movedFiles, withMovedFile } from "../../source/meant/moved-file.ts";
import { isExpansionFollowed } from "../expansion-followed.ts";
import { evidenceNames, type Grounds, isFromHistory, type Objection, objection } from "../grounds.ts";
import { isMountedFile } from "../mounted-file.ts";
import { editDistance } from "../nearness.ts";
import { containersOf, inContainer } from "../pod-template.ts";
import { isReaddressed } from "../readdressed.ts";
import { findTarget } from "../target-match.ts";
import { followsDeclaredPort } from "./told-port.ts";

const PLAIN = /^[\w./=:@,+-]{1,100}$/;
const POWERFUL = new Set(
  "sh bash dash ash zsh ksh busybox python python3 perl ruby node deno php lua awk sed env xargs eval exec curl wget nc ncat netcat socat ssh scp telnet nsenter chroot mount insmod kubectl docker crictl ctr sudo su chmod chown rm dd mkfs sleep true false tail cat tee echo yes base64".split(
    " ",
  ),
);

export function commandObjection(grounds: Grounds, change: FieldChange): Objection {
  if (isFromHistory(grounds, change) || followsDeclaredPort(grounds, change)) return undefined;
  if (isMovedToArguments(grounds, change) || isAsMeant(grounds, change) || isExpansionFollowed(grounds, change)) return undefined;
  if (change.after === undefined) return objection("command-removed", "A command or its arguments are removed without an earlier revision that had none.");
  const known = knownWords(grounds, change);
  if (grounds.input.proposal.failureClass === "dependency-address" && change.path.includes("command") && !isLedElsewhere(grounds, change))
    return objection("command-unfounded", "A command only follows a Service that moved.");
  const words = Array.isArray(change.after) ? change.after : [change.after];
  const moved = filesMoved(grounds, change);
  const unfounded = words.find(
    (word) => !isFounded(grounds, word, known) && !known.some((one) => typeof word === "string" && withMovedFile(one, moved) === word),
  );
  if (unfounded !== undefined) return objection("command-unfounded", `Nothing shows where ${JSON.stringify(unfounded).slice(0, 80)} comes from.`);
  return Array.isArray(change.after) && change.after.length === 0 ? objection("command-removed", "The command becomes empty.") : undefined;
}

/** What a probe's command reads follows the variable that tells the program where to keep it (source/meant/moved-file.ts). */
function filesMoved({ object, input, lastGood }: Grounds, { path }: FieldChange): MovedFile[] {
  const place = inContainer(object.kind, path);
  const now = findTarget(input.rendered, object);
  const isProbe = place !== undefined && String(place.rest[0]).endsWith("Probe");
  return isProbe && lastGood && now ? movedFiles(getIn(lastGood, place.container) ?? null, getIn(now, place.container) ?? null) : [];
}

/** The words of a command that cannot be started become the arguments of the image's own program, where there were none; all of them, and nothing else. */
function isMovedToArguments({ input, object, before, after }: Grounds, { path }: FieldChange): boolean {
  const place = inContainer(object.kind, path);
  if (place?.rest.length !== 1 || input.proposal.failureClass !== "command-not-found") return false;
  const [then, now] = [before, after].map((one) => objectAt(getIn(one, place.container)));
  return then?.command !== undefined && then.args === undefined && now?.command === undefined && sameJson(then.command, now?.args ?? null);
}

/** The whole command is the one that was meant, of which the runtime (and no log) says that it did not find the program. */
function isAsMeant({ input, object, after }: Grounds, { path }: FieldChange): boolean {
  const place = inContainer(object.kind, path);
  const target = findTarget(input.rendered, object);
  if (place?.rest[0] !== "command" || !target || input.proposal.failureClass !== "command-not-found") return false;
  const said = input.evidence.items.flatMap(({ kind, text }) => (kind === "log" ? [] : [NOT_EXECUTABLE.exec(text)?.[1] ?? ""]));
  const containers = input.rendered.flatMap(containersOf).map(({ container }) => container);
  return said.some((program) => {
    const meant = commandMeant(getIn(target, place.container) ?? null, program, containers);
    return meant !== undefined && sameJson(meant.command, getIn(after, [...place.container, "command"]) ?? null);
  });
}

/** Every word is as it was, but for the addresses in it. */
function isLedElsewhere(grounds: Grounds, { before, after }: FieldChange): boolean {
  const [was, is] = [before, after].map((value) => (Array.isArray(value) ? value : [value]));
  return was?.length === is?.length && (was ?? []).every((word, i) => word === is?.[i] || isReaddressed(grounds, "", word, is?.[i]));
}

function isFounded(grounds: Grounds, word: Json, known: readonly string[]): boolean {
  if (typeof word !== "string") return false;
  if (known.includes(word) || known.some((one) => isReaddressed(grounds, "", one, word) || isMountedFile(grounds, one, word))) return true;
  if (!PLAIN.test(word) || isPowerful(word)) return false;
  if (known.some((one) => PLAIN.test(one) && word.length > 2 && editDistance(one, word, 2) <= 2)) return true;
  if (word.includes("://") || word.includes("@") || !evidenceNames(grounds, word)) return false;
  return evidenceNames(grounds, word, ...CLUSTER) || isHarmlessName(word, known);
}

/** What the cluster and git say, and no program. */
const CLUSTER: readonly EvidenceKind[] = ["event", "pod", "container", "workload", "delivery", "replica-set", "git-diff", "render-diff"];

/** What only a log names is at most a name: a subcommand, or a flag with a value that the command line has already or that is a plain number or switch. */
function isHarmlessName(word: string, known: readonly string[]): boolean {
  const [name = "", ...rest] = word.split("=");
  if (!/^-{0,2}[A-Za-z][\w-]*$/.test(name)) return false;
  const value = rest.join("=");
  const values = known.flatMap((one) => [one, one.split("=").slice(1).join("=")]);
  return rest.length === 0 || values.includes(value) || /^(?:true|false|\d{1,6}(?:ms|s|m)?)$/.test(value);
}

/** A program that runs other programs, or makes any check succeed. */
function isPowerful(word: string): boolean {
  return POWERFUL.has((word.split("/").at(-1) ?? "").toLowerCase());
}

/** Words of the container's command line in the baseline, as rendered, and at the last good revision. */
function knownWords({ object, before, input, lastGood }: Grounds, { path }: FieldChange): string[] {
  const place = inContainer(object.kind, path);
  const sources = [before, findTarget(input.rendered, object), lastGood];
  return sources.flatMap((source) => {
    const container = place && source ? getIn(source, place.container) : undefined;
    return isObject(container) ? [container.command, container.args, container.livenessProbe, container.readinessProbe].flatMap(stringsIn) : [];
  });
}
