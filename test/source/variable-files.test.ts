import { expect, test } from "vitest";
import type { JsonObject, KubeObject } from "../../src/cluster/objects.ts";
import { variableFiles } from "../../src/source/slips/variable-files.ts";

const LIST = "prod/kustomization.yaml";
const generator = (field: string, more = "") => `configMapGenerator:\n  - name: settings\n    ${field}: [shop.env]   # of production\n${more}`;

function reader(container: JsonObject, volumes: JsonObject[] = []): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "shop" },
    spec: { template: { spec: { containers: [{ name: "shop", ...container }], volumes } } },
  };
}

const AS_VARIABLES = reader({ envFrom: [{ configMapRef: { name: "eu-settings-4f5g6h7k8m" } }] });

function found(text: string, { list = generator("files"), rendered = [AS_VARIABLES] } = {}) {
  const files = [
    { path: LIST, text: list, lastGood: undefined },
    { path: "prod/shop.env", text, lastGood: undefined },
  ];
  return variableFiles(files, rendered).map(({ names, change }) => [names.join(), change.after]);
}

test("a file of variables that is read as variables alone is taken as such", () => {
  expect(found("A=b\n# more\nC=d\n")).toEqual([["A,C", generator("envs")]]);
});

test.each([
  ["a file of something else", found("server:\n  port: 80\n")],
  ["one that somebody mounts", found("A=b\n", { rendered: [AS_VARIABLES, reader({}, [{ name: "settings", configMap: { name: "eu-settings-4f5g6h7k8m" } }])] })],
  ["one that nobody reads", found("A=b\n", { rendered: [reader({})] })],
  ["one with variables beside it", found("A=b\n", { list: generator("files", "    envs: [more.env]\n") })],
])("and not %s", (_, changes) => expect(changes).toEqual([]));
