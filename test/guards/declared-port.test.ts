import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation, targetDocument } from "./situation.ts";

interface Story {
  port?: string;
  env?: string;
  probe?: string;
  target?: string;
  pod?: string;
  log?: string;
  worked?: boolean;
  /** The data of a ConfigMap beside it. */
  map?: string;
}

const manifests = ({
  port = "name: http, containerPort: 8080",
  env = "name: PORT, value: '9000'",
  probe = "http",
  target = ", targetPort: http",
  pod = "",
}: Story) => `
apiVersion: v1
kind: Service
metadata: { name: desk, namespace: web }
spec:
  selector: { app: desk }
  ports: [{ name: http, port: 80${target} }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: desk, namespace: web }
spec:
  selector: { matchLabels: { app: desk } }
  template:
    metadata: { labels: { app: desk } }
    spec:${pod}
      containers:
        - name: desk
          image: acme/desk:2.0.1
          ports: [{ ${port} }]
          env: [{ ${env} }]
          resources: { limits: { memory: 128Mi } }
          readinessProbe: { httpGet: { path: /readyz, port: ${probe} } }
`;

/** A first release whose program listens on 9000, and a fix that declares that port. */
function verdict(story: Story = {}, to = "9000"): unknown {
  const files: Record<string, string> = { "desk.yaml": manifests(story) };
  if (story.map !== undefined) files["map.yaml"] = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: desk, namespace: web }\ndata: { ${story.map} }\n`;
  const here = situation({
    files,
    good: story.worked ? files : {},
    namespace: "web",
    target: { kind: "Deployment" },
    items: [
      item("event", "Unhealthy: Readiness probe failed: dial tcp 10.0.0.7:8080: connect: connection refused"),
      item("log", story.log ?? "2026-11-28T22:10:48.006800753Z msg=starting pid=1\n2026-11-28T22:10:48.009551703Z msg=listening address=:9000"),
    ],
  });
  const yaml = targetDocument(here).text.replace("containerPort: 8080", `containerPort: ${to}`);
  const judged = judge(here, proposal(here, { failureClass: "readiness-probe", container: "desk", yaml, quote: "connection refused" }));
  return judged.change?.kind === "approved" ? "approved" : rules(judged);
}

describe("in a first release the declared port may follow the program", () => {
  test.each([
    ["told by a variable", {}],
    ["told by an address", { env: "name: LISTEN, value: '0.0.0.0:9000'" }],
    [
      "told by an argument",
      {
        env: "name: THEME, value: light }]\n          args: ['--listen=:9000']\n          workingDir: /srv\n          envFrom: [{ configMapRef: { name: a, optional: true }",
      },
    ],
    ["told by a ConfigMap", { env: "name: PORT, valueFrom: { configMapKeyRef: { name: desk, key: port } }", map: "port: '9000'" }],
    ["told by all of a ConfigMap", { env: "name: THEME, value: light }]\n          envFrom: [{ configMapRef: { name: desk }", map: "PORT: '9000'" }],
    ["and says so in other words", { log: "Server listening on http://[::]:9000/" }],
  ])("%s", (_, story) => {
    expect(verdict(story)).toBe("approved");
  });
});

describe("it stays where", () => {
  test.each<[string, Story, string?]>([
    ["it worked before", { worked: true }],
    ["nothing but the log names the other port", { env: "name: THEME, value: light" }],
    ["two settings name it", { env: "name: PORT, value: '9000' }, { name: PEER, value: 'desk:9000'" }],
    [
      "a setting and a ConfigMap name it",
      { env: "name: PORT, value: '9000' }]\n          envFrom: [{ configMapRef: { name: desk }", map: "PEER: 'desk:9000'" },
    ],
    ["the setting is of a side door", { env: "name: METRICS_PORT, value: '9000'" }],
    ["the log speaks of a side door", { log: "metrics listening on :9000" }],
    ["the program listens on several ports", { log: "listening on :9000\nlistening on :9100" }],
    ["the log does not say it", { log: "connected to broker:9000" }],
    ["the log says another one", { log: "listening on :9100" }],
    ["the port has no name", { port: "containerPort: 8080", probe: "8080", target: ", targetPort: 8080" }],
    ["the container has several", { port: "name: http, containerPort: 8080 }, { name: admin, containerPort: 8081" }],
    ["a probe asks by number", { probe: "8080" }],
    ["a Service asks by number", { target: ", targetPort: 8080" }],
    ["a Service asks for its own number", { target: "" }],
    ["it is a port of the node", { port: "name: http, containerPort: 8080, hostPort: 8080" }],
    ["the pod has the node's network", { pod: "\n      hostNetwork: true" }],
    ["it is privileged", { env: "name: PORT, value: '443'", log: "listening on :443" }, "443"],
  ])("%s", (_, story, to) => {
    expect(verdict(story, to)).toContain("plausible/port-unfounded");
  });
});
