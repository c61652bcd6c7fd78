// The variables that the kubelet makes of every Service of a namespace (core/v1 PodSpec.enableServiceLinks): a Service `board` is BOARD_PORT=tcp://10.96.0.7:80
// to all pods that come after it, also where a program means its own port by that name.
import { type Json, type JsonObject, type KubeObject, listAt, objectAt, textAt } from "../../cluster/objects.ts";
import { prefixOf } from "./renamed-service.ts";

/** What stands in such a variable, with the Service's port. */
const LINK = /\btcp:\/\/(?:\d{1,3}\.){3}\d{1,3}:(\d{1,5})\b/;
/** A program wanted a number and got this; one that only does not reach an address says otherwise. */
const NO_NUMBER =
  /not an? (?:valid )?(?:port|number|integer)|(?:invalid|bad|unknown|illegal) (?:port|number|integer)|invalid literal for int|strconv|parseint|\bnan\b|cannot (?:parse|be parsed)|65536|too many colons|numberformat/i;
/** Variables that are there because of Services alone. */
const FROM_SERVICES = /\b[A-Z][A-Z0-9_]*_(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP))/;

/**
 * The variable of a Service that a program takes for a setting of its own, where a line of its log shows the link. Undefined where the containers have the variable
 * from git, or use the links of any Service.
 */
export function linkTaken(services: readonly KubeObject[], containers: readonly Json[], line: string): string | undefined {
  const port = LINK.exec(line.slice(0, 2000))?.[1];
  if (port === undefined || usesLinks(containers)) return undefined;
  const fitting = services.filter((service) => hasLink(service) && listAt(service, "spec", "ports").some((one) => String(objectAt(one).port) === port));
  const names = fitting.map((service) => `${prefixOf(textAt(service, "metadata", "name"))}_PORT`);
  const [only, ...others] = names.filter((name) => line.includes(name) || (names.length === 1 && NO_NUMBER.test(line.slice(0, 2000))));
  const isSet = containers.some((container) => listAt(container, "env").some((item) => textAt(item, "name") === only));
  return others.length > 0 || isSet ? undefined : only;
}

/** Whether a container names a variable that only the links of Services bring. */
function usesLinks(containers: readonly Json[]): boolean {
  return containers.some((container) => FROM_SERVICES.test(JSON.stringify([objectAt(container).command, objectAt(container).args, objectAt(container).env])));
}

/** Whether a name is of a variable that the link of one of these Services brings. */
export function isLinkOf(services: readonly KubeObject[], name: string): boolean {
  return services.some(
    (service) => hasLink(service) && [`_SERVICE_HOST`, `_SERVICE_PORT`].some((end) => `${prefixOf(textAt(service, "metadata", "name"))}${end}` === name),
  );
}

/** A Service without an address of its own makes no variables. */
function hasLink(service: KubeObject): boolean {
  const spec: JsonObject = objectAt(service, "spec");
  return textAt(spec, "clusterIP") !== "None" && textAt(spec, "type") !== "ExternalName";
}
