import { type Document, isMap, isSeq, parseAllDocuments, type YAMLMap } from "yaml";
import type { Recording } from "./recording.ts";

const WORKLOADS = new Set(["Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]);

/** Whether a repository holds manifests as they are, so that a test can add to them. */
export function isPlain({ after, trees }: Recording): boolean {
  return trees === undefined && !Object.keys(after).some((path) => /(?:Chart|kustomization)\.ya?ml$/.test(path));
}

/**
 * The same failure, whose commit brought more to every workload: an annotation, a grace period, a port, an argument, a scratch volume for a read-only root, and another request, none of which does any harm. A fix has
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
  for (const document of changed) addToWorkload(document);
  return documents.map(String).join("");
}

function addToWorkload(document: Document): void {
  const template = document.get("kind") === "CronJob" ? ["spec", "jobTemplate", "spec", "template"] : ["spec", "template"];
  document.setIn([...template, "metadata", "annotations", "acme.example/on-call"], "team-a");
  document.setIn([...template, "spec", "terminationGracePeriodSeconds"], 20);
  const containers = document.getIn([...template, "spec", "containers"]);
  const first = isSeq(containers) ? containers.items[0] : undefined;
  if (!isMap(first)) return;
  addToContainer(document, first);
  // A mount could explain a crash, but not that no file can be written.
  if (first.getIn(["securityContext", "readOnlyRootFilesystem"]) !== true) return;
  const spec = document.getIn([...template, "spec"]);
  if (isMap(spec)) append(document, spec, "volumes", { name: "wanted", emptyDir: {} });
  append(document, first, "volumeMounts", { name: "wanted", mountPath: "/wanted" });
}

function addToContainer(document: Document, container: YAMLMap): void {
  append(document, container, "ports", { name: "wanted", containerPort: 6060 });
  const args = container.get("args");
  if (isSeq(args)) args.add("--verbose");
  if (container.getIn(["resources", "requests", "cpu"]) === "20m") container.setIn(["resources", "requests", "cpu"], "25m");
}

/** One more item of a list, which is made where there is nothing. */
function append(document: Document, owner: YAMLMap, field: string, item: object): void {
  const list = owner.get(field);
  if (isSeq(list)) list.add(document.createNode(item));
  else if (!owner.has(field)) owner.set(field, document.createNode([item]));
}
