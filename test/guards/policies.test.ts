import { describe, expect, it } from "vitest";
import { isKubeObject, type Json, type KubeObject } from "../../src/cluster/objects.ts";
import { type Policy, policiesSettings } from "../../src/config/policies.ts";
import { applyChanges } from "../../src/guards/leaf-changes.ts";
import { policies } from "../../src/guards/policies.ts";
import { compilePolicy } from "../../src/guards/policy/run.ts";
import { celValue } from "../../src/guards/policy/values.ts";
import { changedObjects } from "../../src/guards/rendered-diff.ts";
import type { FieldPath } from "../../src/source/edit/field-path.ts";
import { WRITTEN } from "../honest/written.ts";
import { judge, proposal, rules as rulesOf, targetDocument } from "./situation.ts";
import { replaceOnce } from "./store.ts";

const web: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", labels: { team: "shop", "app.kubernetes.io/name": "web" } },
  spec: {
    replicas: 3,
    template: {
      spec: {
        containers: [
          { name: "web", image: "registry.example.com/web:1.2", resources: { limits: { cpu: 1, memory: "512Mi" } }, ports: [{ containerPort: 8080 }] },
          { name: "proxy", image: "registry.example.com/proxy:1.0", securityContext: { runAsNonRoot: true } },
        ],
      },
    },
  },
};

const policy = (expression: string, more: Partial<Policy> = {}): Policy => ({ name: "rule", expression, ...more });

/** `holds`, `violated` or `failed`, or `invalid` where it does not compile. */
function verdict(expression: string, more: Partial<Policy> = {}, object: Json = web, oldObject: Json = object): string {
  const compiled = compilePolicy(policy(expression, more));
  return compiled.kind === "invalid" ? "invalid" : compiled.judge(celValue(object), celValue(oldObject)).kind;
}

describe("expressions as ValidatingAdmissionPolicies have them", () => {
  it.each([
    "object.spec.replicas <= 5",
    "object.spec.replicas >= oldObject.spec.replicas",
    "oldObject == null || object.metadata.name == oldObject.metadata.name",
    "has(object.metadata.labels) && 'team' in object.metadata.labels",
    "object.metadata.labels['app.kubernetes.io/name'] == 'web'",
    "!has(object.metadata.annotations)",
    "object.metadata.?annotations[?'a.b/c'].orValue('none') == 'none'",
    "object.spec.template.spec.containers.all(c, c.image.startsWith('registry.example.com/'))",
    "object.spec.template.spec.containers.exists(c, has(c.resources) && has(c.resources.limits))",
    "object.spec.template.spec.containers.exists_one(c, c.name == 'proxy')",
    "object.spec.template.spec.containers.filter(c, !has(c.resources)).size() == 1",
    "object.spec.template.spec.containers.map(c, c.name) == ['web', 'proxy']",
    "object.spec.template.spec.containers.all(c, !c.image.endsWith(':latest') && c.image.contains(':'))",
    "object.spec.template.spec.containers.all(c, c.image.matches('^[a-z.]+/[a-z]+:[0-9.]+$'))",
    "object.spec.template.spec.containers[0].image.find('[0-9.]+$') == '1.2'",
    "'a1b22'.findAll('[0-9]+') == ['1', '22']",
    "quantity(object.spec.template.spec.containers[0].resources.limits.memory).isLessThan(quantity('1Gi'))",
    "quantity(object.spec.template.spec.containers[0].resources.limits.cpu).compareTo(quantity('1000m')) == 0",
    "quantity('1.5Gi').add(quantity('512Mi')).compareTo(quantity('2Gi')) == 0 && quantity('2').sub(1).asInteger() == 1",
    "isQuantity('100m') && !isQuantity('lots')",
    "object.spec.template.spec.containers.all(c, c.?securityContext.?privileged.orValue(false) == false)",
    "sets.contains(['a', 'b'], ['a']) && sets.intersects([1], [1, 2]) && sets.equivalent(['a', 'b'], ['b', 'a'])",
    "[3, 1, 2].sum() == 6 && [3, 1].min() == 1 && [3, 1].max() == 3 && [1, 2].isSorted() && ['a', 'b'].indexOf('b') == 1",
    "'a-b-c'.replace('-', '.') == 'a.b.c' && 'abc'.charAt(1) == 'b' && 'A'.lowerAscii() == 'a' && 'a,b'.split(',').size() == 2",
    "url('https://example.com:8443/x').getHost() == 'example.com:8443' && isURL('https://example.com')",
    "object.spec.replicas > 2.5 && double(object.spec.replicas) == 3.0 && string(object.spec.replicas) == '3'",
    "cel.bind(n, object.spec.replicas, n > 1 && n < 10)",
    "duration('1h') > duration('30m')",
    "type(object.spec.replicas) == int",
    "object.kind in ['Deployment', 'StatefulSet'] ? object.spec.replicas > 0 : true",
  ])("%s", (expression) => expect(verdict(expression)).toBe("holds"));

  it("with variables, which are computed only where they are needed", () => {
    const variables = [
      { name: "containers", expression: "object.spec.template.spec.containers" },
      { name: "images", expression: "variables.containers.map(c, c.image)" },
      { name: "nonsense", expression: "object.nothing.at.all" },
    ];
    expect(verdict("variables.images.all(image, image.contains('/')) && variables.containers.size() == 2", { variables })).toBe("holds");
    expect(verdict("variables.nonsense", { variables })).toBe("failed");
    expect(verdict("variables.self", { variables: [{ name: "self", expression: "variables.self" }] })).toBe("failed");
  });
});

describe("what cannot be judged is not passed over", () => {
  it.each([
    ["no CEL", "object.spec.replicas <=", "invalid"],
    ["a number as an answer", "1 + 1", "invalid"],
    ["an unknown variable", "params.most > 1", "invalid"],
    ["an unknown function", "object.spec.replicas.isSafe()", "invalid"],
    ["numbers and texts added", "1 + 'a' == 'b'", "invalid"],
    ["a field that is not there", "object.spec.paused == false", "failed"],
    ["an answer that is no switch", "object.spec.replicas", "failed"],
    ["a pattern that is none", "object.metadata.name.matches('(')", "failed"],
    ["JavaScript's own members", "object.constructor.name == 'Object'", "failed"],
    ["a prototype", "object.__proto__ == null", "failed"],
    ["a member of text", "object.metadata.name.length > 0", "failed"],
  ])("%s", (_, expression, expected) => expect(verdict(expression)).toBe(expected));

  it.each([
    ["a pattern that backtracks", "('a'.replace('a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') + '!').matches('^(a+)+$')"],
    ["loops over loops", `${"[0,1,2,3,4,5,6,7,8,9].all(x, ".repeat(14)}true${")".repeat(14)}`],
    [
      "lists that double",
      `cel.bind(a0, [0,1,2,3,4,5,6,7], ${Array.from({ length: 28 }, (_, i) => `cel.bind(a${i + 1}, a${i} + a${i}, `).join("")}size(a28) > 0${")".repeat(29)}`,
    ],
    ["lists of lists of lists", `[0,1,2,3,4,5,6,7,8,9].${"map(x, [0,1,2,3,4,5,6,7,8,9].".repeat(12)}size()${")".repeat(12)}.size() > 0`],
    ["texts that double", `${"'aaaaaaaaaa'.replace('a', ".repeat(12)}'aaaaaaaaaa'${")".repeat(12)} == ''`],
  ])("%s ends soon", (_, expression) => {
    const before = process.memoryUsage().rss;
    expect(["failed", "invalid"]).toContain(verdict(expression));
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(500);
  });
});

describe("the guard", () => {
  const replicas: FieldPath = ["spec", "replicas"];
  const withField = (path: FieldPath, value: Json | undefined): KubeObject => {
    const made = applyChanges(web, [{ path, before: undefined, after: value }]);
    if (!made || !isKubeObject(made)) throw new Error("no object");
    return made;
  };
  const found = (rules: readonly Policy[], changed: KubeObject, before: KubeObject = web) =>
    policies(rules, changedObjects([before], [changed]), "shop").findings.map(({ rule, message }) => `${rule}: ${message}`);

  it("refuses what is newly violated, with the team's own words", () => {
    const rule = policy("object.spec.replicas >= 2", { name: "two-replicas", message: "production needs two" });
    expect(found([rule], withField(replicas, 1))).toEqual(["policy-violated: Deployment web would violate the policy two-replicas: production needs two"]);
    expect(found([rule], withField(replicas, 4))).toEqual([]);
  });

  it("leaves what was violated before to the team", () => {
    const rule = policy("object.spec.replicas >= 5");
    expect(found([rule], withField(replicas, 2))).toEqual([]);
    expect(found([rule], { ...web, metadata: { name: "other" } })).toEqual([expect.stringContaining("policy-violated")]);
  });

  it("compares with what was there, for rules about the change itself", () => {
    const rule = policy("oldObject == null || object.spec.replicas >= oldObject.spec.replicas", {
      messageExpression: "'from ' + string(oldObject.spec.replicas)",
    });
    expect(found([rule], withField(replicas, 2))).toEqual(["policy-violated: Deployment web would violate the policy rule: from 3"]);
    expect(found([rule], withField(replicas, 9))).toEqual([]);
  });

  it("says the plain message where the other cannot be made", () => {
    const wrong = { messageExpression: "object.nothing", message: "too many" };
    expect(found([policy("object.spec.replicas < 5", wrong)], withField(replicas, 9))).toEqual([expect.stringContaining("too many")]);
    expect(found([policy("object.spec.replicas < 5")], withField(replicas, 9))).toEqual([
      expect.stringContaining("failed expression: object.spec.replicas < 5"),
    ]);
  });

  it("asks only about the kinds and namespaces that a rule is for", () => {
    const never = (match: Policy["match"]) => policy("false", { match });
    const changed = { ...web, metadata: { name: "new" } };
    expect(found([never({ kinds: ["Deployment"] })], changed)).toHaveLength(1);
    expect(found([never({ kinds: ["StatefulSet"] })], changed)).toEqual([]);
    expect(found([never({ namespaces: ["shop"] })], changed)).toHaveLength(1);
    expect(found([never({ namespaces: ["other"] })], changed)).toEqual([]);
  });

  it("refuses whatever a rule that does not compile is about, and says how to mend it", () => {
    const broken = policy("object.spec.replicas <", { name: "broken", match: { kinds: ["Ingress"] } });
    expect(policies([broken], undefined, "shop").findings.map(({ rule }) => rule)).toEqual(["policy-invalid"]);
    expect(found([broken], withField(replicas, 4))[0]).toMatch(
      /^policy-invalid: The policy broken does not compile \(.+\): correct it in \.github\/autofix\.yml/,
    );
    expect(found([policy("object.spec.paused == false")], withField(replicas, 4))[0]).toMatch(/^policy-failed: .*has\(\) or \.\?/);
  });
});

describe("the whole gate with a team's rules", () => {
  const honest = WRITTEN.find(({ name }) => name === "memory of a container");
  const run = (rules: Policy[]) => {
    if (!honest) throw new Error("the case is gone");
    const world = honest.world();
    const yaml = honest.edits.reduce((text, [from, to]) => replaceOnce(text, from, to), targetDocument(world).text);
    const { failureClass, container, quote } = honest;
    return judge(world, proposal(world, { failureClass, yaml, quote, ...(container ? { container } : {}) }), { policies: rules });
  };
  const memory = "object.spec.template.spec.containers.all(c, quantity(c.resources.limits.memory).compareTo(quantity('MOST')) <= 0)";

  it("approves where they hold, and counts them", () => {
    const judged = run([policy(memory.replace("MOST", "256Mi"))]);
    expect(judged.change?.kind).toBe("approved");
    expect(judged.report.verdicts.find(({ guard }) => guard === "not-worse")?.note).toBe("1 policy of the team");
  });

  it("refuses where one is newly violated, fails or does not compile", () => {
    expect(rulesOf(run([policy(memory.replace("MOST", "200Mi"))]))).toEqual(["not-worse/policy-violated"]);
    expect(rulesOf(run([policy("object.spec.nothing == 1")]))).toEqual(["not-worse/policy-failed"]);
    expect(rulesOf(run([policy("((")]))).toEqual(["not-worse/policy-invalid"]);
  });
});

describe("policies as a repository writes them", () => {
  const right = { name: "small", expression: "object.spec.replicas < 9", match: { kinds: ["Deployment"] }, variables: [{ name: "n", expression: "1" }] };

  it("are read strictly and bounded", () => {
    expect(policiesSettings.safeParse([right, { name: "other", expression: "true", messageExpression: "'no'" }]).success).toBe(true);
    expect(policiesSettings.safeParse([]).success).toBe(true);
    for (const wrong of [
      { ...right, expresion: "true" },
      { ...right, name: "Small" },
      { ...right, name: "a b" },
      { ...right, expression: "" },
      { ...right, expression: "x".repeat(5000) },
      { ...right, message: "x".repeat(501) },
      { ...right, match: { kind: ["Deployment"] } },
      { ...right, match: { kinds: [] } },
      { ...right, variables: [{ name: "a.b", expression: "1" }] },
      { name: "small" },
      "true",
    ])
      expect(policiesSettings.safeParse([wrong]).success, JSON.stringify(wrong).slice(0, 80)).toBe(false);
    expect(policiesSettings.safeParse([right, right]).success).toBe(false);
    expect(policiesSettings.safeParse(Array.from({ length: 51 }, (_, i) => ({ ...right, name: `p${i}` }))).success).toBe(false);
  });
});
