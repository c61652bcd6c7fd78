import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation, targetDocument } from "./situation.ts";

interface Story {
  /** What tells admin its port: below its container, in flow style. */
  told?: string;
  ports?: string;
  beside?: string;
  worked?: boolean;
}

const manifest = ({ told = "env: [{ name: PORT, value: ':9102' }]", ports = "containerPort: 9443", beside = "ports: [{ containerPort: 9102 }]" }: Story) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: desk, namespace: web }
spec:
  selector: { matchLabels: { app: desk } }
  template:
    metadata: { labels: { app: desk } }
    spec:
      containers:
        - { name: admin, image: acme/desk:2.0.1, ports: [{ ${ports} }], ${told} }
        - { name: exporter, image: acme/exporter:2.0.1, ${beside} }
`;

/** A first release in which two containers want port 9102, and a fix that tells admin to use another one. */
function verdict(story: Story = {}, [from, to] = [":9102", ":9443"]): unknown {
  const files = { "desk.yaml": manifest(story) };
  const here = situation({
    files,
    good: story.worked ? { "desk.yaml": manifest(story).replace("exporter:2.0.1", "exporter:2.0.0") } : {},
    namespace: "web",
    target: { kind: "Deployment" },
    items: [
      item("event", "BackOff: Back-off restarting failed container admin in pod desk-5f"),
      item("log", 'level=ERROR msg="cannot listen" error="listen tcp :9102: bind: address already in use"'),
    ],
  });
  const yaml = targetDocument(here).text.replace(from, to);
  const judged = judge(here, proposal(here, { failureClass: "port-conflict", container: "admin", yaml, quote: "Back-off restarting" }));
  return judged.change?.kind === "approved" ? "approved" : rules(judged);
}

describe("what tells a container another's port may follow the port that it declares", () => {
  test.each<[string, Story, [string, string]?]>([
    ["in a variable", {}],
    ["in an argument", { told: "args: ['--listen=:9102']" }],
    ["in a word of its own", { told: "args: [--port, '9102']" }, ["--port, '9102'", "--port, '9443'"]],
  ])("%s", (_, story, edit) => {
    expect(verdict(story, edit)).toBe("approved");
  });
});

describe("it stays where", () => {
  test.each<[string, Story, [string, string]?]>([
    ["it worked before", { worked: true }],
    ["the port is not declared", {}, [":9102", ":9500"]],
    ["it declares the port that it is told", { ports: "containerPort: 9443 }, { containerPort: 9102" }],
    ["another container has the declared port", { beside: "ports: [{ containerPort: 9102 }, { containerPort: 9443 }]" }],
    ["no other container wants the port", { beside: "ports: [{ containerPort: 9200 }]" }],
    ["more than the number changes", {}, [":9102", "desk:9443"]],
    ["it is privileged", { ports: "containerPort: 443" }, [":9102", ":443"]],
  ])("%s", (_, story, edit) => {
    expect(verdict(story, edit)).toContainEqual(expect.stringMatching(/^plausible\//));
  });
});

describe("a container that is told no port may be told the one that it declares", () => {
  const told = (variable: string, others = "{ name: PORT, value: '9102' }") => {
    const beside = `ports: [{ containerPort: 9102 }], env: [${others}]`;
    return verdict({ told: "args: []", beside }, ["args: []", `args: [], env: [${variable}]`]);
  };

  test("as others of the delivery are", () => expect(told("{ name: PORT, value: '9443' }")).toBe("approved"));

  test.each([
    ["by another name", told("{ name: HTTP_PORT, value: '9443' }")],
    ["another port", told("{ name: PORT, value: '9500' }")],
    ["where nobody is told that way", told("{ name: PORT, value: '9443' }", "{ name: PORT, value: auto }")],
    ["with something beside it", told("{ name: PORT, value: '9443' }, { name: DEBUG, value: 'x y' }")],
  ])("and not %s", (_, judged) => expect(judged).toContainEqual(expect.stringMatching(/^plausible\//)));
});
