import { at, type KubeObject, listAt, textAt } from "../../cluster/objects.ts";
import type { FailureClass } from "../../incident/failure-class.ts";
import { type FieldPath, sameJson } from "../../source/edit/field-path.ts";
import { typingErrors } from "../../source/edit/typing-errors.ts";
import { inOtherSpelling } from "../../source/meant/tag-spelling.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { nearMatch } from "../near-match.ts";
import { type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { type ContainerAt, containerOf, containersOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, oneStop, type PlaybookEntry, place, restoring, shown } from "./entry.ts";
import { imageMeant } from "./image-meant.ts";

/** Images that cannot be pulled: a wrong tag, name or registry, or a missing credential. */
export const image: PlaybookEntry = {
  name: "image",
  topic: "image names, tags and registries",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble }) => trouble === "image")
      .flatMap((container) => unpulled(input, container)),
};

function unpulled(input: DiagnosisInput, container: TroubledContainer): Finding[] {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  const messages = pullMessages(container);
  const text = messages.join("\n");
  const failureClass = classOf(text);
  const statement = {
    failureClass,
    rootCause: sentence(failureClass, container, place(object, container.name)),
    object,
    container: container.name,
    quotes: quoteFirst(input.evidence, messages, { container: container.name, pods: container.pods }),
    confidence: CONFIDENCE.confirmed,
  };
  if (!now || !found) return [escalate(statement, "the container is not in what the branch renders", "Look for who creates this workload; git does not.")];
  if (textAt(found.value, "image") !== container.image) {
    return [
      escalate(statement, "the branch no longer asks for this image", "Wait until the branch's head is deployed; this failure belongs to an older revision."),
    ];
  }
  const past = pastOf(input, object);
  const policy = changedBelow(past, now, [...found.path, "imagePullPolicy"]).filter(({ after }) => after === "Never");
  // Nobody may fetch it: whether the image exists is not known, and another one would not be there either.
  if (container.waiting.reason === "ErrImageNeverPull" && past && policy.length > 0) return [restoring(statement, past, policy)];
  const path: FieldPath = [...found.path, "image"];
  const [difference] = changedBelow(past, now, path);
  if (failureClass === "image-unauthorized" && !(difference && movedInRegistry(difference.before, difference.after)))
    return [(past?.from === "revision" ? undefined : hiddenName(input, statement, found, path)) ?? unauthorized(input, statement, now)];
  // A registry that does not answer is not made to by another tag.
  if (failureClass === "image-registry" && !(difference && otherRegistry(difference.before, difference.after)))
    return [UNFETCHED.some((words) => text.toLowerCase().includes(words)) ? unfetched(statement, container, messages) : registryDown(statement)];
  const meant = imageMeant(input, container, difference);
  if (meant) {
    const changes = sameImages(now, container.image).map((one) => ({ object, path: [...one, "image"], before: container.image, after: meant.image }));
    const said = { ...statement, confidence: CONFIDENCE.likely, ...(changes.length === 1 ? {} : { container: undefined }) };
    return [fix(failureClass === "image-unauthorized" ? { ...said, failureClass: "image-not-found" as const } : said, changes, [meant.words])];
  }
  if (past && difference) {
    const restored = { ...statement, failureClass: failureClass === "image-unauthorized" ? ("image-not-found" as const) : failureClass };
    const confidence = failureClass === "image-unauthorized" ? CONFIDENCE.likely : CONFIDENCE.confirmed;
    const twins = containersOf(now).flatMap((other) => (other.name === found.name ? [] : changedBelow(past, now, [...other.path, "image"])));
    const alike = twins.filter(({ before, after }) => sameJson(before, difference.before) && sameJson(after, difference.after));
    // A container that waits for this one asks for the same image: it could not be pulled either.
    return [restoring({ ...restored, confidence, ...(alike.length > 0 ? { container: undefined } : {}) }, past, [difference, ...alike])];
  }
  const respelt = past ? undefined : otherSpelling(input, statement, container, path, messages);
  return [respelt ?? nearest(input, statement, found, path)];
}

/** The containers that ask for this very image. */
function sameImages(now: KubeObject, image: string): FieldPath[] {
  return containersOf(now).flatMap(({ value, path }) => (textAt(value, "image") === image ? [path] : []));
}

type Said = Parameters<typeof escalate>[0];

/** What the registry answers for a tag that it does not have, and not for a repository that it does not show. */
const NO_TAG = /: not found|manifest unknown/i;

/**
 * An image that never ran here, in whose tag the `v` before the version is what all others of its owner have not (or have): the registry says that it has no
 * such tag.
 */
function otherSpelling(
  input: DiagnosisInput,
  statement: Said,
  { image: before }: TroubledContainer,
  path: FieldPath,
  messages: readonly string[],
): Finding | undefined {
  const meant = messages.some((message) => NO_TAG.test(message)) ? inOtherSpelling(before, workingImages(input, before)) : undefined;
  if (meant === undefined) return undefined;
  const said = { ...statement, confidence: CONFIDENCE.suggested };
  return fix(
    said,
    [{ object: statement.object, path, before, after: meant }],
    [`Set the image to ${meant}: so all other images of its owner write this version`],
  );
}

/** Registries answer "denied" for a repository that they do not have: one whose name is nearly that of an image which was pulled from the same owner is misspelt. */
function hiddenName(input: DiagnosisInput, statement: Said, { value }: ContainerAt, path: FieldPath): Finding | undefined {
  const wrong = textAt(value, "image");
  const owner = (image: string) => nameOf(image).slice(0, nameOf(image).lastIndexOf("/") + 1);
  const meant = sameTag(
    wrong,
    workingImages(input, wrong).filter((image) => owner(image) === owner(wrong)),
  );
  if (meant === undefined) return undefined;
  const said = { ...statement, failureClass: "image-not-found" as const, confidence: CONFIDENCE.suggested };
  return fix(said, [{ object: statement.object, path, before: wrong, after: meant }], [`Set the image to ${meant}, which runs elsewhere in this delivery`]);
}

/** A working image that this one was most likely meant to be: the same name with a tag one error away, or a name that is a near match with the same tag. */
function nearest(input: DiagnosisInput, statement: Said, { value }: ContainerAt, path: FieldPath): Finding {
  const wrong = textAt(value, "image");
  const known = workingImages(input, wrong);
  const tagErrors = known.filter((image) => nameOf(image) === nameOf(wrong) && typingErrors(tagOf(image), tagOf(wrong)) === 1);
  const meant = (tagErrors.length === 1 ? tagErrors[0] : undefined) ?? sameTag(wrong, known);
  if (!meant) {
    return escalate(
      statement,
      "neither git nor the cluster knows an image that worked here",
      `Push ${wrong}, or set an image that exists; the bot never invents a tag.`,
    );
  }
  const change = { object: statement.object, path, before: wrong, after: meant };
  return fix({ ...statement, confidence: CONFIDENCE.suggested }, [change], [`Set the image to ${meant}, which runs elsewhere in this delivery`]);
}

function sameTag(wrong: string, known: readonly string[]): string | undefined {
  const candidates = known.filter((image) => tagOf(image) === tagOf(wrong));
  const name = nearMatch(nameOf(wrong), candidates.map(nameOf));
  return candidates.find((image) => nameOf(image) === name);
}

/** Images of containers that are ready in the cluster. */
function workingImages(input: DiagnosisInput, wrong: string): string[] {
  const images = input.observation.objects
    .filter((object) => object.kind === "Pod")
    .flatMap((pod) => {
      const ready = new Set(listAt(pod, "status", "containerStatuses").flatMap((status) => (at(status, "ready") === true ? [textAt(status, "name")] : [])));
      return containersOf(pod)
        .filter(({ name }) => ready.has(name))
        .map(({ value }) => textAt(value, "image"));
    });
  return [...new Set(images)].filter((image) => image !== wrong && image !== "");
}

function unauthorized(input: DiagnosisInput, statement: Said, now: KubeObject): Finding {
  const past = pastOf(input, statement.object);
  const path = podSpecPath(now.kind);
  const differences = path ? changedBelow(past, now, [...path, "imagePullSecrets"]) : [];
  if (past && differences.length > 0) return restoring(statement, past, differences);
  return escalate(
    statement,
    "a credential is missing or not valid",
    "Check the registry's credentials (imagePullSecrets, or the node's); the bot touches no credentials.",
  );
}

function registryDown(statement: Said): Finding {
  return escalate(
    { ...statement, confidence: CONFIDENCE.likely },
    "the manifests did not change the registry",
    "Check that the registry is up and reachable from the nodes.",
  );
}

function unfetched(statement: Said, { image }: TroubledContainer, [message = ""]: readonly string[]): Finding {
  const rootCause = `The node cannot fetch image ${image}, which ${place(statement.object, statement.container)} asks for: ${shown(message)}`;
  return escalate(
    { ...statement, rootCause: oneStop(`${rootCause}.`), confidence: CONFIDENCE.likely },
    "the registry may well have this image: nothing in git keeps the node from fetching it",
    "Look at the node's disk, its limits for pulls and its image policy.",
  );
}

/** What the kubelet and the container runtime said, the most specific first. */
function pullMessages({ waiting, events }: TroubledContainer): string[] {
  const noted = events
    .filter(({ reason, note }) => ["Failed", "InspectFailed", "ErrImageNeverPull"].includes(reason) && note.includes("mage"))
    .map(({ note }) => note);
  const specific = [...noted, waiting.message].filter((message) => message.includes(":")).sort((a, b) => b.length - a.length);
  return [...specific, waiting.message, waiting.reason].filter((message) => message !== "");
}

function classOf(said: string): FailureClass {
  const text = said.toLowerCase();
  const any = (...words: string[]) => words.some((word) => text.includes(word));
  if (any("invalidimagename", "invalid reference format", ": not found", "manifest unknown", "name unknown", "errimageneverpull", "no match for platform"))
    return "image-not-found";
  if (any("unauthorized", "authentication required", "forbidden", "denied") || /(?:status|code|response|error)\W{0,20}40[13]\b|\b40[13] /.test(text))
    return "image-unauthorized";
  return any(...UNREACHABLE, ...UNFETCHED) || /unexpected status[^\n]{0,60}\b(?:5\d\d|429)\b/.test(text) ? "image-registry" : "image-not-found";
}

/** What pulls end with where the registry, or the way to it, is broken. */
const UNREACHABLE = [
  ...["no such host", "connection refused", "connection reset", "i/o timeout", "no route to host", "network is unreachable", "server misbehaving"],
  ...["x509", "tls handshake", "http response to https client", "context deadline exceeded", "toomanyrequests", "service unavailable", "bad gateway"],
];

/** What pulls end with on a node that cannot take what the registry has, or that does not trust it. */
const UNFETCHED = [
  ...["qps exceeded", "no space left on device", "failed to extract layer", "unexpected eof", "context canceled", "broken pipe", "failed to copy"],
  ...["connection timed out", "signature validation failed", "signaturevalidationfailed", "failed size validation"],
];

function sentence(failureClass: FailureClass, { image, waiting }: TroubledContainer, where: string): string {
  if (waiting.reason === "InvalidImageName") return `${where} asks for "${image}", which is no valid image name.`;
  if (failureClass === "image-unauthorized") return `The registry refuses to hand out image ${image}, which ${where} asks for.`;
  if (failureClass === "image-registry") return `The registry of image ${image}, which ${where} asks for, cannot be reached.`;
  return `${where} asks for image ${image}, which does not exist.`;
}

/** Another repository of the same registry: many registries answer "denied" for one that does not exist. Another registry wants a credential of its own. */
function movedInRegistry(before: unknown, after: unknown): boolean {
  if (typeof before !== "string" || typeof after !== "string") return false;
  return registryOf(before) === registryOf(after) && nameOf(before) !== nameOf(after);
}

function otherRegistry(before: unknown, after: unknown): boolean {
  return typeof before === "string" && typeof after === "string" && registryOf(before) !== registryOf(after);
}

/** The host in front, which has a dot or a port or is localhost (distribution's reference grammar); "docker.io" without one. */
function registryOf(image: string): string {
  const first = image.split("/")[0] ?? "";
  return image.includes("/") && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

/** The name without tag and digest; a colon before the last slash is a registry's port. */
function nameOf(image: string): string {
  const bare = image.split("@")[0] ?? image;
  const colon = bare.lastIndexOf(":");
  return colon > bare.lastIndexOf("/") ? bare.slice(0, colon) : bare;
}

function tagOf(image: string): string {
  return image.slice(nameOf(image).length);
}
