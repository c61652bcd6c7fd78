import { at, type Json, numberAt, textAt } from "./objects.ts";

/** The ports that a container's probes ask, by number or by name (Kubernetes API: Container, Probe). */
export function probedPorts(container: Json): Json[] {
  const asked = ["livenessProbe", "readinessProbe", "startupProbe"].flatMap((probe) =>
    ["httpGet", "tcpSocket", "grpc"].map((handler) => at(container, probe, handler, "port")),
  );
  return asked.filter((port) => port !== undefined);
}

/** Whether a probe asks this item of the container's `ports`. */
export function isProbed(container: Json, port: Json): boolean {
  const [number, name] = [numberAt(port, "containerPort"), textAt(port, "name")];
  return probedPorts(container).some((asked) => asked === number || (name !== "" && asked === name));
}
