import { at, type KubeObject, objectAt, textAt } from "../../cluster/objects.ts";
import { type FieldChange, type FieldPath, sameJson } from "../../source/edit/field-path.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, renderedNow } from "../history.ts";
import { troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { type ContainerAt, containerOf, containersOf, podSpecOf, podSpecPath } from "../workload.ts";
import { ownUser } from "./admission/lent-user.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring } from "./entry.ts";

/** How the kubelet says it (pkg/kubelet/kuberuntime/security_context.go): the image's user is root or has no number, or the manifest itself says root. */
const REFUSED = /runAsNonRoot|non-numeric user|breaks? non-root policy/;

/** An image that would run as root where the pod forbids it. The rule stays; only a user id that is known from git may be set. */
export const root: PlaybookEntry = {
  name: "root",
  topic: "the user that a container runs as",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble, waiting }) => trouble === "config" && REFUSED.test(waiting.message))
      .map((container): Finding => {
        const object = input.incident.target;
        const now = renderedNow(input, object);
        const found = containerOf(now, container.name);
        const told = found && now ? ownUser(now, found) : undefined;
        const why = told === 0 ? "but its runAsUser is 0" : `but its image ${container.image} does`;
        const statement = {
          failureClass: "run-as-root-image" as const,
          rootCause: `${place(object, container.name)} must not run as root (runAsNonRoot), ${why}.`,
          object,
          container: container.name,
          quotes: quoteFirst(input.evidence, [container.waiting.message, "runAsNonRoot"], { pods: container.pods }),
          confidence: CONFIDENCE.confirmed,
        };
        const past = pastOf(input, object);
        const paths: FieldPath[] =
          found && now
            ? [
                [...found.path, "securityContext", "runAsUser"],
                [...(podSpecPath(now.kind) ?? []), "securityContext", "runAsUser"],
              ]
            : [];
        const wasFit = past !== undefined && ranWithoutRoot(past, container.name);
        const changed = paths.flatMap((path) => changedBelow(past, now, path)).filter((change) => isToBlame(change, wasFit));
        if (past && changed.length > 0) return restoring(statement, past, changed);
        if (told === 0) return escalate(statement, "no other user id is known", "Set runAsUser to an id that the program can work with.");
        const image = found && textAt(found.value, "image");
        const users = input.rendered.flatMap((other) =>
          containersOf(other)
            .filter(({ value }) => textAt(value, "image") === image)
            .map(({ value }) => at(value, "securityContext", "runAsUser") ?? at(podSpecOf(other), "securityContext", "runAsUser")),
        );
        const known = [...new Set(users.filter((user) => typeof user === "number" && user > 0))];
        const [path] = paths;
        const beside = now && found && known.length === 0 ? userBeside(input, now, found) : undefined;
        const user = known.length === 1 ? known[0] : beside;
        if (path && user !== undefined) {
          const why = beside === undefined ? "another container with the same image does" : "all others of this delivery do, under the very same settings";
          return fix(
            { ...statement, confidence: CONFIDENCE.suggested },
            [{ object, path, before: undefined, after: user }],
            [`Run as user ${String(user)}, as ${why}`],
          );
        }
        return escalate(
          statement,
          "no user id is known with which this image works, and the bot does not take runAsNonRoot back",
          "Build the image with a numeric USER, or set runAsUser to an id that the program can work with.",
        );
      }),
};

/**
 * The user as which all containers of the delivery run that say one, where a neighbour in the pod is among them whose security context is this one's but for
 * the user: it was forgotten here.
 */
function userBeside({ rendered }: DiagnosisInput, now: KubeObject, found: ContainerAt): number | undefined {
  const users = rendered.flatMap((other) => containersOf(other).flatMap((one) => ownUser(other, one) ?? []));
  const [user, ...others] = new Set(users);
  const context = objectAt(found.value, "securityContext");
  const isTwin = ({ value }: ContainerAt) => sameJson(objectAt(value, "securityContext"), { ...context, runAsUser: user ?? null });
  return user !== undefined && user > 0 && others.length === 0 && containersOf(now).some(isTwin) ? user : undefined;
}

/** The user was a number above root's; or root's came, where the container passed the very rule without it. */
function isToBlame({ before, after }: FieldChange, wasFit: boolean): boolean {
  if (after === 0) return before === undefined ? wasFit : before !== 0;
  return after === undefined && typeof before === "number" && before > 0;
}

/** Whether the container had another user than root by its manifest, or had the rule already and so an image that keeps it. */
function ranWithoutRoot({ object }: Past, container: string): boolean {
  const then = containerOf(object, container);
  if (!then) return false;
  const user = ownUser(object, then);
  const rule = at(then.value, "securityContext", "runAsNonRoot") ?? at(podSpecOf(object), "securityContext", "runAsNonRoot");
  return user === undefined ? rule === true : user !== 0;
}
