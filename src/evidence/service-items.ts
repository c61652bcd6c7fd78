import { at, describeRef, isObject, type KubeObject, listAt, objectAt, refOf, sameRef, textAt } from "../cluster/objects.ts";
import type { Observation } from "../cluster/observation.ts";
import type { Incident } from "../incident/incident.ts";
import { formatLabels, meantBy, slicesOf } from "../incident/services.ts";
import { isReadyPod, type WorkloadView } from "../incident/workload-view.ts";
import { type Draft, RANK } from "./draft.ts";
import { outline } from "./outline.ts";

/** The failing Service against its endpoints and the labels and ports of the pods that it is meant for. */
export function serviceItems(incident: Incident, observation: Observation, workloads: readonly WorkloadView[]): Draft[] {
  const service = observation.objects.find((object) => object.kind === "Service" && sameRef(refOf(object), incident.target));
  if (!service) return [];
  const selector = objectAt(service, "spec", "selector");
  const said = incident.symptoms.map(({ message }) => message);
  const text = [
    ...said,
    `selector: ${formatLabels(selector)}`,
    `ports:\n${outline(listAt(service, "spec", "ports"), "  ")}`,
    ...slicesOf(observation, service).map(sliceText),
  ].join("\n");
  const meant = meantBy(observation, service, workloads);
  return [
    { rank: RANK.target, kind: "service", source: describeRef(incident.target), object: incident.target, text },
    ...meant.map(
      (workload): Draft => ({
        rank: RANK.target + 1,
        kind: "workload",
        source: `pods of ${describeRef(workload.ref)}`,
        object: workload.ref,
        text: podsText(workload),
      }),
    ),
  ];
}

function sliceText(slice: KubeObject): string {
  const endpoints = listAt(slice, "endpoints");
  const ready = endpoints.filter((endpoint) => at(endpoint, "conditions", "ready") !== false).length;
  const ports = listAt(slice, "ports").map((port) => `${textAt(port, "name")}=${String(at(port, "port"))}`);
  return `EndpointSlice ${textAt(slice, "metadata", "name")}: ${endpoints.length} endpoints, ${ready} ready, ports: ${ports.join(", ") || "none"}`;
}

function podsText({ template, pods }: WorkloadView): string {
  const ready = pods.filter(isReadyPod).length;
  const ports = listAt(template, "spec", "containers").flatMap((container) =>
    listAt(container, "ports")
      .filter(isObject)
      .map((port) => `container ${textAt(container, "name")} port ${textAt(port, "name") || "(no name)"}=${String(port.containerPort)}`),
  );
  return [`labels: ${formatLabels(objectAt(template, "metadata", "labels"))}`, ...ports, `${ready} of ${pods.length} pods ready`].join("\n");
}
