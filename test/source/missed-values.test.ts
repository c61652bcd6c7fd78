import { expect, test } from "vitest";
import { missedValues } from "../../src/source/slips/missed-values.ts";

const CHART = {
  "chart/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
  "chart/templates/deployment.yaml":
    'image: {{ required "image.tag is required" .Values.image.tag }}\nport: {{ .Values.http.port }}\nhost: {{ .Values.database.host }}\n',
  "chart/values.yaml": "replicas: 1\n",
};
const REQUIRED = "execution error at (web/templates/deployment.yaml:1:10): image.tag is required";
const NIL = (path: string) => `executing "web/templates/deployment.yaml" at <.Values.${path}>: nil pointer evaluating interface {}.x`;

/** The values files that set what the error speaks of. */
function set(values: string, error: string): string[] {
  const files = Object.entries({ ...CHART, "prod.yaml": values }).map(([path, text]) => ({ path, text, lastGood: undefined }));
  return missedValues(files, error, (a, b) => a.slice(0, 2).toLowerCase() === b.slice(0, 2).toLowerCase()).map(({ after }) => after);
}

test.each([
  ["a level too deep", "telemetry:\n  http:\n    port: 80\n", NIL("http.port"), "http:\n  port: 80\n"],
  ["without its group", "port: 80\n", NIL("http.port"), "http:\n  port: 80\n"],
  ["in a group of almost that name", "DataBase:\n  host: db\n  pool: 4\n", NIL("database.host"), "database:\n  host: db\n  pool: 4\n"],
  ["in a group that is called in short", "db:\n  host: db\n", NIL("database.host"), "database:\n  host: db\n"],
  ["under another word for it", "image:\n  version: 1.2\n", REQUIRED, "image:\n  tag: 1.2\n"],
  ["as one key with a dot", "image.tag: 1.2.0\n", REQUIRED, "image:\n  tag: 1.2.0\n"],
])("a value that stands %s", (_, values, error, after) => expect(set(values, error)).toEqual([after]));

test.each([
  ["of another group", "redis:\n  host: cache\n", NIL("database.host")],
  ["of another meaning", "image:\n  pullPolicy: Always\n", REQUIRED],
  ["that is called by a longer name", "image:\n  target: web\n", REQUIRED],
  ["that is there", "image:\n  tag: '1'\n  version: '2'\n", REQUIRED],
  ["that cannot be moved as it is written", "image.tag: 1.20\n", REQUIRED],
  ["of which the error does not speak", "db:\n  host: db\n", "parse error at (web/templates/deployment.yaml:1)"],
])("and not one %s", (_, values, error) => expect(set(values, error)).toEqual([]));
