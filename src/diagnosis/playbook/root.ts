import { at, textAt } from "../../cluster/objects.ts";
import type { FieldPath } from "../../source/field-path.ts";
import type { Finding } from "../diagnosis.ts";
import { changedBelow, pastOf, renderedNow } from "../history.ts";
import { troubledContainers } from "../pods.ts";
import { quoteFirst } from "../quotes.ts";
import { containerOf, containersOf, podSpecOf, podSpecPath } from "../workload.ts";
import { CONFIDENCE, escalate, fix, type PlaybookEntry, place, restoring } from "./entry.ts";

/** An image that would run as root where the pod forbids it. The rule stays; only a user id that is known from git may be set. */
export const root: PlaybookEntry = {
  name: "root",
  topic: "the user that a container runs as",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble, waiting }) => trouble === "config" && /runAsNonRoot|non-numeric user|break non-root policy/.test(waiting.message))
      .map((container): Finding => {
        const object = input.incident.target;
        const now = renderedNow(input, object);
        const found = containerOf(now, container.name);
        const statement = {
          failureClass: "run-as-root-image" as const,
          rootCause: `${place(object, container.name)} must not run as root (runAsNonRoot), but its image ${container.image} does.`,
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
        const changed = paths.flatMap((path) => changedBelow(past, now, path)).filter(({ before }) => typeof before === "number" && before > 0);
        if (past && changed.length > 0) return restoring(statement, past, changed);
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
