import { at } from "../../cluster/objects.ts";
import { sameJson } from "../../source/edit/field-path.ts";
import { prefixOf } from "../../source/meant/renamed-service.ts";
import { isServing } from "../../source/meant/serving.ts";
import type { DiagnosisInput, Finding } from "../diagnosis.ts";
import { pastOf, renderedNow } from "../history.ts";
import { type LogLine, logLines, type TroubledContainer, troubledContainers } from "../pods.ts";
import { quoteEach } from "../quotes.ts";
import { containerOf, containersOf } from "../workload.ts";
import { ledBack, straysOf } from "./addresses/stray-address.ts";
import { UNREACHED } from "./addresses/unreached.ts";
import { CONFIDENCE, fix, type PlaybookEntry, place } from "./entry.ts";
import { namesWord } from "./words.ts";

/** Init containers that do not end: scripts that ask again and again for something that another commit renamed or moved. They never fail, so nobody says why. */
export const wait: PlaybookEntry = {
  name: "wait",
  topic: "init containers that wait for ever",
  diagnose: (input) =>
    troubledContainers(input)
      .filter(({ trouble }) => trouble === "not-ready")
      .flatMap((container) => sidecar(input, container) ?? waiting(input, container) ?? []),
};

/**
 * What ran beside the others at the last good revision, or what serves them by its own words and never was an init container that ended, is started before them, and
 * they wait for its end: a sidecar has to say that it goes on (Container.restartPolicy).
 */
function sidecar(input: DiagnosisInput, container: TroubledContainer): Finding | undefined {
  const object = input.incident.target;
  const found = containerOf(renderedNow(input, object), container.name);
  const past = pastOf(input, object);
  const then = past && containersOf(past.object).find(({ name, init }) => name === container.name && !init);
  const isSame = ["image", "command", "args"].every((field) => sameJson(at(then?.value, field) ?? null, at(found?.value, field) ?? null));
  if (!found?.init || at(found.value, "restartPolicy") !== undefined) return undefined;
  const isKnown = past !== undefined && containersOf(past.object).some(({ name, init }) => name === container.name && init);
  const [last] = logLines(input, container).slice(-1);
  const serving = !isKnown && last && isServing(last.text) ? last : undefined;
  if (then ? !isSame : !serving) return undefined;
  const how = then ? "goes on for ever, as it did beside the others" : "serves the others and goes on for ever";
  const rootCause = `${place(object, container.name)} ${how}: as an init container without restartPolicy Always it lets none of them start.`;
  const said = serving ? [[serving.quoted]] : [];
  const quotes = quoteEach(input.evidence, [...said, ["init container"]], { container: container.name, pods: container.pods });
  const confidence = then ? CONFIDENCE.likely : CONFIDENCE.suggested;
  return fix(
    { failureClass: "crash-on-start", rootCause, object, container: container.name, quotes, confidence },
    [{ object, path: [...found.path, "restartPolicy"], before: undefined, after: "Always" }],
    [`Let init container ${container.name} be a sidecar (restartPolicy: Always): it starts first and runs beside the others`],
  );
}

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
  const line = log.findLast(({ text }) => strays.leads.some(({ name }) => namesWord(text, name) || text.includes(`$(${prefixOf(name)}_SERVICE_`)));
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
