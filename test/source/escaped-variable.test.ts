import { expect, test } from "vitest";
import { escapedVariables } from "../../src/source/slips/escaped-variable.ts";

const ERROR = 'variable not set (strict mode): "SECONDS_APART"';
const manifest = (value: string) =>
  `kind: Deployment\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          env:\n            - name: SECONDS_APART\n              value: "${value}"\n`;
const OLD = "while true; do\n  sleep 30\ndone\n";
const NEW = OLD.replace("30", '"${SECONDS_APART}"');

/** What the file becomes, beside a Deployment with the variable. */
function escaped(text: string, { path = "jobs/run.sh", lastGood = OLD, beside = manifest("120") } = {}): string[] {
  const files = [
    { path, text, lastGood },
    { path: "jobs/app.yaml", text: beside, lastGood: beside },
  ];
  return escapedVariables(files, ERROR).map(({ after }) => after);
}

test("a script keeps the variable that its container has", () => {
  expect(escaped(NEW)).toEqual([NEW.replace("${", () => "$${")]);
});

test("not one that Flux fills in for the container, that no container has, that was there before, or in a manifest", () => {
  expect(escaped(NEW, { beside: manifest("${SECONDS_APART}") })).toEqual([]);
  expect(escaped(NEW, { beside: manifest("120").replace("SECONDS_APART", "OTHER") })).toEqual([]);
  expect(escaped(NEW, { lastGood: NEW })).toEqual([]);
  expect(escaped("kind: Service\nmetadata: {name: x}\nport: ${SECONDS_APART}\n", { path: "jobs/service.yaml", lastGood: "kind: Service\n" })).toEqual([]);
});

test("a command of a shell in a manifest keeps what its container, or a Service, gives it; other fields are for Flux", () => {
  const job = (command: string, field: string) =>
    `kind: Job\nspec:\n  template:\n    spec:\n      containers:\n        - name: run\n          command: [${command}]\n          ${field}: ["echo $NAME"]\n`;
  const service = (name: string) => `kind: Service\nmetadata: {name: ${name}}\n`;
  const mended = (command: string, { field = "args", beside = manifest("120"), name = "SECONDS_APART" } = {}) => {
    const text = job(command, field).replace("$NAME", () => `\${${name}}`);
    const files = [
      { path: "jobs/run.yaml", text, lastGood: job(command, field) },
      { path: "jobs/app.yaml", text: beside, lastGood: beside },
    ];
    return escapedVariables(files, ERROR.replace("SECONDS_APART", name)).map(({ after }) => after === text.replace("${", () => "$${"));
  };
  expect(mended("sh, -c")).toEqual([true]);
  expect(mended("/bin/bash, -c")).toEqual([true]);
  expect(mended("python")).toEqual([]);
  expect(mended("sh, -c", { field: "workingDirs" })).toEqual([]);
  expect(mended("sh, -c", { beside: service("stock-api"), name: "STOCK_API_SERVICE_HOST" })).toEqual([true]);
  expect(mended("sh, -c", { beside: service("stock"), name: "STOCK_API_SERVICE_HOST" })).toEqual([]);
});
