import { type Document, isMap, isSeq, parseAllDocuments, type YAMLMap } from "yaml";
import type { Recording } from "./recording.ts";

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]);

/** Whether a repository holds manifests as they are, so that a test can add to them. */
export function isPlain({ after, trees }: Recording): boolean {
  return trees === undefined && !Object.keys(after).some((path) => /(?:Chart|kustomization)\.ya?ml$/.test(path));
}

/**
 * The same failure, whose commit brought more to every workload: an annotation, a grace period, a port and another request, none of which does any harm. A fix has
 * to leave them.
 */
export function amidWantedChanges(recording: Recording): Recording {
  const after = Object.entries(recording.after).map(([path, text]) => [path, path.endsWith(".yaml") ? withWantedChanges(text) : text]);
  return { ...recording, after: Object.fromEntries(after) };
}

function withWantedChanges(text: string): string {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return text;
  const changed = documents.filter((document) => WORKLOADS.has(String(document.get("kind"))));
  if (changed.length === 0) return text;
  for (const document of changed) addTo(document);
  return documents.map(String).join("");
}

function addTo(document: Document): void {
  const template = document.get("kind") === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  document.setIn([...template, "metadata", "annotations", "acme.example/on-call"], "team-a");
  document.setIn([...template, "spec", "terminationGracePeriodSeconds"], 20);
  const containers = document.getIn([...template, "spec", "containers"]);
  const first = isSeq(containers) ? containers.items[0] : undefined;
  if (isMap(first)) addToContainer(document, first);
}

function addToContainer(document: Document, container: YAMLMap): void {
  const ports = container.get("ports");
  const port = document.createNode({ name: "wanted", containerPort: 6060 });
  if (isSeq(ports)) ports.add(port);
  else container.set("ports", document.createNode([port]));
  if (container.getIn(["resources", "requests", "cpu"]) === "20m") container.setIn(["resources", "requests", "cpu"], "25m");
}
