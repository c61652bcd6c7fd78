import { describe, expect, test } from "vitest";
import { answerFor, both, edited, findingFor, type Retold } from "./retold.ts";

const DEPLOYMENT = "deploy/deployment.yaml";
/** One commit, and nothing that the log says has to do with it. */
const release = edited(DEPLOYMENT, "1.4.1 ", "1.5.0 ");
const variable = (name: string, value: string) => edited(DEPLOYMENT, "          env:\n", `          env:\n            - {name: ${name}, value: "${value}"}\n`);
const later = (value: string) => edited(DEPLOYMENT, '"11"', `"${value}"`);

const answer = (bad: Retold["bad"], said: string) => answerFor({ id: "shop-31", ...(bad ? { bad } : {}), said });

describe("what lies outside of the manifests is for people, whatever was changed shortly before", () => {
  test.each([
    ["a database that starts", 'psycopg2.OperationalError: connection to server at "10.96.7.1", port 5432 failed: FATAL:  the database system is starting up'],
    ["a database that is full", 'psycopg2.errors.DiskFull: could not extend file "base/16384/16397": No space left on device'],
    ["connections that others hold", "org.postgresql.util.PSQLException: FATAL: sorry, too many clients already"],
    ["data that does not fit", 'ERROR: could not create unique index "users_email_key"\nDETAIL: Key (email)=(a@b.c) is duplicated.'],
    ["a migration that ran half", "error: Dirty database version 17. Fix and force version."],
    ["a column that is not there yet", "ActiveRecord::StatementInvalid: PG::UndefinedColumn: ERROR:  column users.locale does not exist"],
    ["a certificate that ran out", "x509: certificate has expired or is not yet valid: current time 2026-05-02T10:00:00Z is after 2026-05-01T00:00:00Z"],
    ["a licence that ran out", '{"level":"fatal","msg":"license check failed","error":"license ACME-4711 expired on 2026-11-27"}'],
    ["a cloud's refusal", "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied"],
    ["a key of a cloud that ran out", "azure.core.exceptions.ClientAuthenticationError: AADSTS7000222: The provided client secret keys for app are expired."],
    ["a vault that is sealed", "Error: error initializing vault client: Vault is sealed"],
    ["a replica", "ReplyError: READONLY You can't write against a read only replica."],
    ["a broker that lacks a leader", "MongoServerSelectionError: No primary found in replica set rs0 or invalid replica set name"],
  ])("%s", async (_, said) => {
    expect(await answer(later("12"), said)).toBe("escalate");
    expect(await answer(release, said)).toBe("escalate");
  });

  test("also where the refusal names what the commit wants to use", async () => {
    const said =
      "ERROR User: arn:aws:sts::1:assumed-role/rating is not authorized to perform: sqs:ReceiveMessage on resource: arn:aws:sqs:eu-west-1:1:ratings-incoming";
    expect(await answer(variable("QUEUE", "ratings-incoming"), said)).toBe("escalate");
  });
});

describe("where only the time speaks against a change", () => {
  test.each<[string, Retold["bad"], string, unknown]>([
    ["a value has nothing to do with what the program finds in its data", later("12"), "ERROR order 88123: amount is negative, aborting the batch", "escalate"],
    ["nor with a fault in its code", later("12"), "panic: runtime error: index out of range [5] with length 3", "escalate"],
    ["a new variable neither", variable("TZ", "Europe/Berlin"), "panic: runtime error: invalid memory address or nil pointer dereference", "escalate"],
    ["nor a release with a file that others wrote", release, "fatal: cannot import /data/export.csv: line 8812 has 7 columns, 9 expected", "escalate"],
    ["of several values none is taken back", both(later("12"), variable("WORKERS", "8")), "starting", "escalate"],
    [
      "a release is to blame for its code",
      release,
      "panic: runtime error: index out of range [5] with length 3",
      ['containers[name=rating].image = "acme/checkout:1.4.1"'],
    ],
    ["and for its silence", release, "starting version 1.5.0", ['containers[name=rating].image = "acme/checkout:1.4.1"']],
    ["the only value is, where nothing else is said", later("12"), "starting", ['env[name=RELEASE].value = "11"']],
    [
      "or where the complaint has words of it",
      variable("CACHE_KIND", "sql"),
      "ERROR the cache could not be opened: bad kind of store",
      ["[name=rating].env[name=CACHE_KIND] = undefined"],
    ],
  ])("%s", async (_, bad, said, expected) => expect(await answer(bad, said)).toEqual(expected));

  test("a variable that says when the program ends is the one of several", async () => {
    const bad = both(later("12"), variable("FAIL_AFTER_SECONDS", "6"));
    const finding = await findingFor({ id: "shop-31", bad, said: "panic: nil pointer in checkout.total()" });
    expect(finding?.rootCause).toContain("6 s after its start: FAIL_AFTER_SECONDS, which changed, says just that");
    expect(finding?.action).toMatchObject({ kind: "fix", changes: [{ after: undefined }] });
  });
});
