import { expect, test } from "vitest";
import { missedNames } from "../../src/diagnosis/playbook/settings/missed-names.ts";
import { answerFor, edited } from "./retold.ts";

test.each([
  ["FATAL migration aborted: DATABASE_URL is not set", ["DATABASE_URL"]],
  ["required key LEDGER_DSN missing value", ["LEDGER_DSN"]],
  ["KeyError: 'DATABASE'", ["DATABASE"]],
  ["environment variable REGION is empty", ["REGION"]],
  ["ERROR BROKER is required", ["BROKER"]],
  ['level=ERROR msg="required environment variable is not set" name=REGION', ["REGION"]],
  ["/bin/start.sh: line 3: TARGET: unbound variable", ["TARGET"]],
  ['TypeError [ERR_INVALID_ARG_TYPE]: The "path" argument must be of type string. Received undefined', []],
  ['SyntaxError: "undefined" is not valid JSON', []],
  ['PSQLException: ERROR: missing FROM-clause entry for table "o"', []],
  ["code: 'MODULE_NOT_FOUND', required by ENOENT", []],
  ["HTTP is required, DELETE is not defined", []],
])("%s", (text, names) => expect(missedNames(text)).toEqual(names));

test("a word in capitals that is no variable hides no release", async () => {
  const bad = edited("deploy/deployment.yaml", "1.4.1 ", "1.5.0 ");
  const said = 'starting\nPSQLException: ERROR: missing FROM-clause entry for table "o"';
  expect(await answerFor({ id: "shop-31", bad, said })).toEqual(['containers[name=rating].image = "acme/checkout:1.4.1"']);
});
