import { describe, expect, test } from "vitest";
import { item, judge, proposal, rules, situation } from "./situation.ts";

const web = (labels: string, ports: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {${labels}}}\n    spec:\n      containers: [{name: main, image: acme/web:1, ports: [${ports}]}]\n`;
const GOOD = web("app: web", "{name: http, containerPort: 8080}");

/** The rules that refuse `fixed` in place of `now`, of which the API server says this. */
function judged(now: string, fixed: string, said: string): string[] {
  const items = [item("delivery", `Deployment.apps "web" is invalid: ${said}`)];
  const world = situation({ files: { "web.yaml": now }, good: { "web.yaml": GOOD }, namespace: "shop", target: { kind: "Deployment", name: "web" }, items });
  return rules(judge(world, proposal(world, { failureClass: "invalid-manifest", container: undefined, yaml: fixed, quote: said })));
}

describe("the name of a port that the API server refuses", () => {
  const said =
    'spec.template.spec.containers[0].ports[1].name: Invalid value: "metrics_http": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)';
  const named = (name: string, port = 9102) => web("app: web", `{name: http, containerPort: 8080}, {name: ${name}, containerPort: ${port}}`);

  test("gets the letters that names have", () => expect(judged(named("metrics_http"), named("metrics-http"), said)).toEqual([]));
  test("and no other name", () => expect(judged(named("metrics_http"), named("metrics"), said)).not.toEqual([]));
  test("and the port no other number", () => expect(judged(named("metrics_http"), named("metrics-http", 9103), said)).not.toEqual([]));
});

describe("a label's value that is none", () => {
  const said = 'spec.template.labels: Invalid value: "guest services": a valid label must be an empty string or consist of alphanumeric characters';
  const labelled = (team: string) => web(`app: web, team: ${team}`, "{name: http, containerPort: 8080}");

  test("gets dashes between its words", () => expect(judged(labelled("guest services"), labelled("guest-services"), said)).toEqual([]));
  test("and no other words", () => expect(judged(labelled("guest services"), labelled("guests"), said)).not.toEqual([]));
});
