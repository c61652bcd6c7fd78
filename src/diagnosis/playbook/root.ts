import { at, textAt } from "../../cluster/objects.ts";
import type { FieldChange, FieldPath } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { changedBelow, type Past, pastOf, renderedNow } from "../history.ts";
import { troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { containerOf, containersOf, podSpecOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring } from "./entry.ts";
import { ownUser } from "./lent-user.ts";

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
        if (path && known.length === 1 && known[0] !== undefined) {
          return fix(
            { ...statement, confidence: CONFIDENCE.suggested },
            [{ object, path, before: undefined, after: known[0] }],
            [`Run as user ${String(known[0])}, as another container with the same image does`],
          );
        }
        return escalate(
          statement,
          "no user id is known with which this image works, and the bot does not take runAsNonRoot back",
          "Build the image with a numeric USER, or set runAsUser to an id that the program can work with.",
        );
      }),
};

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
