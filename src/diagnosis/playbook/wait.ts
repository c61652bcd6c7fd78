import { at } from "../../cluster/objects.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { renderedNow } from "../history.ts";
import { type LogLine, logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { containerOf } from "../workload.ts";
import { CONFIDENCE, type PlaybookEntry, place } from "./entry.ts";
import { UNREACHED } from "./external.ts";
import { ledBack, straysOf } from "./stray-address.ts";
import { namesWord } from "./words.ts";

/** Init containers that do not end: scripts that ask again and again for something that another commit renamed or moved. They never fail, so nobody says why. */
export const wait: PlaybookEntry = {
  name: "wait",
  topic: "init containers that wait for ever",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble }) => trouble === "not-ready")
      .flatMap((container) => waiting(input, container) ?? []),
};

/** Words of a script that waits, where it does not say for what. */
const WAITS = /\bwait|\bretry|\bsleep|not (?:ready|yet)|again/i;
/** Lines from the end that tell what it does now. */
const LAST = 5;

function waiting(input: DiagnosisInput, container: TroubledContainer): Finding | undefined {
  const object = input.incident.target;
  const now = renderedNow(input, object);
  const found = containerOf(now, container.name);
  // A sidecar is an init container that is meant to go on (Container.restartPolicy).
  if (!now || !found?.init || at(found.value, "restartPolicy") === "Always") return undefined;
  const strays = straysOf(input, { now, found });
  const log = logLines(input, container);
  if (!strays) return undefined;
  const line = log.findLast(({ text }) => strays.leads.some(({ name }) => namesWord(text, name)));
  if (!line && log.length > 0 && !log.slice(-LAST).every(isOfWaiting)) return undefined;
  const statement = {
    failureClass: "dependency-address" as const,
    rootCause: `${place(object, container.name)} never ends, so that the pod never starts`,
    object,
    container: container.name,
    quotes: quoteEach(input.evidence, [line ? [line.quoted] : [], log.slice(-1).map(({ quoted }) => quoted), ["init container"]], {
      container: container.name,
      pods: container.pods,
    }),
    confidence: line ? CONFIDENCE.likely : CONFIDENCE.suggested,
  };
  return ledBack(statement, strays, now);
}

function isOfWaiting({ text }: LogLine): boolean {
  return WAITS.test(text.slice(0, 1000)) || UNREACHED.test(text.slice(0, 1000));
}
