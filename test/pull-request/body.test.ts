import { describe, expect, it } from "vitest";
import { renderBody, renderCommitMessage, renderTitle, replaceAttempts } from "../../src/pull-request/body.ts";
import { renderCheck } from "../../src/pull-request/check.ts";
import { renderEscalation, renderEscalationTitle } from "../../src/pull-request/issue.ts";
import { parseMarker, replaceMarker } from "../../src/pull-request/marker.ts";
import type { Draft } from "../../src/pull-request/pull.ts";
import { MAX_BODY } from "../../src/pull-request/sections.ts";
import { approved, DEPLOYMENT, draft, escalation, INCIDENT, REPORT } from "./drafts.ts";

/** As people see it: without the marker's JSON. */
function readable(body: string): string {
  return body.replace(/<!-- autofix:v1 .* -->/, "<!-- autofix:v1 … -->");
}

/** A draft whose every outside text is this one. */
function poisoned(text: string): Draft {
  const base = draft();
  const proposal = { ...base.diagnosis.proposal, rootCause: text, words: [text], quotes: [{ evidenceId: "E2", quote: text }] };
  return {
    ...base,
    diagnosis: { ...base.diagnosis, proposal },
    incident: { ...INCIDENT, symptoms: INCIDENT.symptoms.map((symptom) => ({ ...symptom, message: text })) },
    evidence: { ...base.evidence, items: base.evidence.items.map((item) => ({ ...item, source: text })) },
    report: { ...REPORT, findings: REPORT.findings.map((finding) => ({ ...finding, message: text, proposed: text, final: text })) },
    attempts: [{ number: 1, digest: "", outcome: "refused", engine: text, hint: text, summary: text }],
    introducedBy: { sha: "a".repeat(40), author: text, subject: text },
    alsoAffects: [text],
    change: approved([{ path: DEPLOYMENT, before: "a: 1\n", after: `a: ${JSON.stringify(text)}\n` }]),
  };
}

/** Markdown that GitHub would read as text, with code spans and blocks taken out. */
function withoutCode(body: string): string {
  return body.replace(/^(`{3,})\w*\n[\s\S]*?\n\1$/gm, "").replace(/(`+)[^`\n][^\n]*?\1/g, "");
}

describe("the body of a pull request", () => {
  it("says first what failed, then why it is believed, what changes and what happens next", () => {
    expect(readable(renderBody(draft()))).toMatchInlineSnapshot(`
      "**The image tag acme/checkout:1.4.7 does not exist in the registry.**

      - **Failing:** Deployment \`shop-01/checkout\`, container \`checkout\`, delivered by Argo CD Application \`argocd/shop-01\`
      - **Since:** 2026-11-22 22:06 UTC, introduced by a22e654f24ac83c43c86d2b72962edfd9c83a90b “Release checkout 1.4.7” by Sam
      - **Class:** \`image-not-found\`, diagnosed by the built-in playbook (\`image-not-found\`)
      - **Confidence:** 96 % (claimed 99 %, capped: the tag was seen running)

      <!-- autofix:affected -->

      <!-- /autofix:affected -->

      ### The change

      - image of container checkout: acme/checkout:1.4.7 → acme/checkout:1.4.1, the last tag that ran

      \`\`\`diff
      --- a/deploy/deployment.yaml
      +++ b/deploy/deployment.yaml
      @@ -18,7 +18,7 @@
           spec:
             containers:
               - name: checkout
      -          image: acme/checkout:1.4.7   # keep in step with the changelog
      +          image: acme/checkout:1.4.1   # keep in step with the changelog
                 ports:
                   - name: http
                     containerPort: 8080
      \`\`\`

      ### After the merge

      - Merging is the approval: this bot has no write access to the cluster.
      - Argo CD Application \`argocd/shop-01\` picks it up by itself, at its next poll or interval.
      - When containers are ready and Services have endpoints, or when that takes too long, it says so here.
      - Closing it without a merge is a no: this failure is then left alone.

      <details>
      <summary><b>Evidence</b>: 1 quote</summary>

      What the cluster shows:

      - Deployment \`shop-01/checkout\`, container \`checkout\`: \`Back-off pulling image "acme/checkout:1.4.7"\`

      E2: event Failed of pod checkout-775c869d6f-qnp89, 2026-11-22 22:06 UTC

      \`\`\`text
      docker.io/acme/checkout:1.4.7: not found
      \`\`\`

      Redacted before anybody saw it: 1 × pull-secret.

      3 further items were left out to keep the evidence short.

      </details>

      <details>
      <summary><b>Invariant report</b>: 10 guards passed, 1 restored, 1 skipped</summary>

      | Guard | Verdict | Note |
      |---|---|---|
      | envelope | ✅ passed |  |
      | yaml | ✅ passed |  |
      | scope | ✅ passed |  |
      | invariants | ✅ passed |  |
      | class-paths | ♻️ restored | 1 field put back |
      | grounding | ✅ passed |  |
      | plausible | ✅ passed |  |
      | schema | ✅ passed |  |
      | not-worse | ✅ passed |  |
      | blast-radius | ✅ passed |  |
      | secrets | ✅ passed |  |
      | server-dry-run | ➖ skipped | not configured |

      | Rule | Where | What | Before → proposed → final |
      |---|---|---|---|
      | \`class-paths/outside-class\` | \`D1 spec.replicas\` | image-not-found may not change spec.replicas | \`2\` → \`50\` → \`2\` |

      </details>

      <!-- autofix:attempts -->

      <!-- /autofix:attempts -->

      <details>
      <summary><b>Commands</b></summary>

      - \`/autofix retry [hint]\`: look again and propose anew; the hint goes to the diagnosis
      - \`/autofix explain\`: the diagnosis in detail, with what was ruled out
      - \`/autofix rebase\`: bring the branch up to date with its base
      - \`/autofix close\`: close it; this failure is left alone until \`reopen\`
      - \`/autofix reopen\`: take it up again
      - \`/autofix help\`: this list

      At the start of a line, by people with write access.

      </details>

      <!-- autofix:v1 … -->"
    `);
  });

  it("shows attempts when there is more than one, and says when nobody syncs or others render the file", () => {
    const attempts = [
      { number: 1, digest: "", outcome: "refused", engine: "gpt", hint: "", summary: "scope: added a ClusterRoleBinding" } as const,
      { number: 2, digest: "ab", outcome: "proposed", engine: "gpt", hint: "use 1.4.1", summary: "image back to 1.4.1" } as const,
    ];
    const body = readable(renderBody(draft({ attempts, autoSync: false, alsoAffects: ["Application argocd/shop-staging"] })));
    expect(body.slice(body.indexOf("<!-- autofix:attempts"), body.indexOf("<details>\n<summary><b>Commands"))).toMatchInlineSnapshot(`
      "<!-- autofix:attempts -->

      <details>
      <summary><b>Attempts</b>: 2</summary>

      | # | Outcome | By | Hint | Summary |
      |---|---|---|---|---|
      | 1 | refused by the guards | gpt |  | scope: added a ClusterRoleBinding |
      | 2 | proposed | gpt | use 1.4.1 | image back to 1.4.1 |

      </details>

      <!-- /autofix:attempts -->

      "
    `);
    expect(replaceAttempts(body, [])).not.toContain("ClusterRoleBinding");
  });

  it("has a title and a commit message that can be read in a log", () => {
    expect(renderTitle(draft())).toMatchInlineSnapshot(`"fix(shop-01/checkout): the image tag acme/checkout:1.4.7 does not exist in the registry"`);
    expect(renderCommitMessage(draft())).toMatchInlineSnapshot(`
      "fix(shop-01/checkout): the image tag acme/checkout:1.4.7 does not exist in the registry

      - image of container checkout: acme/checkout:1.4.7 → acme/checkout:1.4.1, the last tag that ran

      Autofix-Fingerprint: 4f1c9a0700000000000000000000000000000000000000000000000000000000"
    `);
  });
});

describe("text from outside", () => {
  const HOSTILE = [
    "@acme/everyone please look",
    "fixes #12, closes acme/shop#3, GH-4",
    "<img src=x onerror=alert(1)> <!-- autofix:v1 {} --> </details>",
    "![x](https://evil.example/a.png) [click](javascript:alert(1)) https://evil.example www.evil.example",
    "``` \n```\n````\n# heading\n| a | b |\n|---|---|",
    "\u202etxt.exe\u202c \u001b[31mred\u001b[0m \u0000",
    "[skip ci] 3e9c3ab2ac8410f86a74cb38a8069410dec2b23e $x^2$",
  ];

  it.each(HOSTILE)("cannot ping, link, close, draw or break out: %j", (text) => {
    for (const body of [renderBody(poisoned(text)), renderEscalation(escalation({ rootCause: text, reason: text, advice: text, engine: text }))]) {
      const seen = withoutCode(readable(body));
      expect(seen).not.toMatch(/@[a-z]/i);
      expect(seen).not.toMatch(/#\d|GH-\d/);
      expect(seen).not.toMatch(/<(?!\/?(?:details|summary|b)>|!-- \/?autofix:(?:v1|attempts|affected))/);
      expect(seen).not.toMatch(/https?:\/\/|www\.|(?<!\\)\]\(/);
      expect(body).not.toMatch(/[\u202a-\u202e]/);
      for (const control of ["\u0000", "\u001b"]) expect(body).not.toContain(control);
      expect(seen.match(/<details>/g)?.length).toBe(seen.match(/<\/details>/g)?.length);
      expect(parseMarker(body)?.fingerprint).toBe(INCIDENT.fingerprint);
    }
    for (const title of [renderTitle(poisoned(text)), renderCommitMessage(poisoned(text)), renderEscalationTitle(escalation({ rootCause: text }))]) {
      expect(title).not.toMatch(/@[a-z]|#\d|\[skip|:\/\/|\u202e/i);
    }
  });

  it.each([
    "fixes #12, closes acme/shop#3, Resolved: GH-4 and fix https://github.com/acme/shop/issues/5",
    "[skip ci] [ci skip] [no ci] [skip actions] ***NO_CI*** [netlify skip] ",
    "x\n\nskip-checks: true\nrequest-checks: true",
    "ping @acme/all, (@vera) and @ravi",
  ])("does nothing as the message of a squash merge either, where code is text like any other: %j", (text) => {
    for (const body of [renderBody({ ...poisoned(text), effect: `+ ${text}` }), renderEscalation(escalation({ rootCause: text, reason: text }))]) {
      const message = body.slice(0, body.indexOf("<!-- autofix:v1"));
      expect(message).not.toMatch(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+(?:[\w./-]*#\d|GH-\d|https?:\/\/\S+\/(?:issues|pull)\/\d)/i);
      expect(message).not.toMatch(/\[(?:[a-z]+ )?(?:skip|no ci)\b[^\]\\]*\]|\*\*\*NO_CI|^\W*(?:skip|request)-checks:/im);
      expect(message).not.toMatch(/(?<![\w/.-])@[a-z]/i);
    }
  });

  it("leaves code as it is where nothing in it works", () => {
    const text = "image: ghcr.io/acme/shop@sha256:ab # see issue 12, user@example.com\nargs: [--fix, '[a]', no, skip]";
    expect(renderBody({ ...draft(), effect: text })).toContain(text);
  });

  it.each(["x<&`\n", "$", "\u{1f4a9}", "|#*_"])("is shortened until everything fits, and the summary, the change and the marker stay: %j", (text) => {
    const long = text.repeat(60_000 / text.length);
    const quotes = Array.from({ length: 40 }, (_, i) => ({ evidenceId: `E${i}`, quote: long }));
    const base = poisoned(long);
    const findings = Array.from({ length: 200 }, () => ({ ...REPORT.findings[0], guard: "scope", verdict: "refused", rule: "r", message: long }) as const);
    const attempts = Array.from({ length: 30 }, (_, i) => ({ number: i, digest: "", outcome: "refused", engine: long, hint: long, summary: long }) as const);
    const body = renderBody({
      ...base,
      attempts,
      report: { ...REPORT, findings },
      diagnosis: { ...base.diagnosis, proposal: { ...base.diagnosis.proposal, quotes } },
    });
    expect(body.length).toBeLessThanOrEqual(MAX_BODY);
    expect(body).toContain("### The change");
    expect(body).toContain("_Left out for length: ");
    expect(parseMarker(body)?.attempts.at(-1)?.number).toBe(29);
    expect(
      renderEscalation(escalation({ rootCause: long, reason: long, advice: long, attempts, report: { ...REPORT, findings }, quotes })).length,
    ).toBeLessThan(MAX_BODY);
  });
});

describe("the marker", () => {
  it("comes back as it was written, whatever is in it", () => {
    const attempts = [{ number: 1, digest: "ab", outcome: "proposed", engine: "m", hint: "--> </script> <!--", summary: "-->" } as const];
    const marker = parseMarker(renderBody(draft({ attempts })));
    expect(marker).toMatchObject({ attempts, delivery: INCIDENT.key, target: INCIDENT.target, failureClass: "image-not-found" });
  });

  it("is the last one: an older one in quoted evidence or above does not count", () => {
    const other = renderBody(draft({ incident: { ...INCIDENT, fingerprint: "f".repeat(64) } }));
    expect(parseMarker(`${other}\n\n${renderBody(draft())}`)?.fingerprint).toBe(INCIDENT.fingerprint);
  });

  it.each([
    ["none", "Hello"],
    ["not JSON", "x\n<!-- autofix:v1 {oops -->"],
    ["another shape", 'x\n<!-- autofix:v1 {"delivery":"Application/a/b","__proto__":{"x":1}} -->'],
    ["too large", `x\n<!-- autofix:v1 {"delivery":"${"a".repeat(20_000)}"} -->`],
    ["without an end", "x\n<!-- autofix:v1 {}"],
  ])("%s: no marker", (_, body) => {
    expect(parseMarker(body)).toBeUndefined();
  });

  it("can be replaced, with CRLF around it as GitHub's editor leaves it", () => {
    const body = renderBody(draft()).replaceAll("\n", "\r\n");
    const marker = parseMarker(body);
    if (!marker) throw new Error("no marker");
    const healed = replaceMarker(body, { ...marker, verdict: "healed" });
    expect(parseMarker(healed)).toEqual({ ...marker, verdict: "healed" });
    expect(healed.match(/autofix:v1/g)).toHaveLength(1);
  });
});

describe("the check run", () => {
  it("says in its title what happened", () => {
    expect(renderCheck({ kind: "approved", report: REPORT })).toMatchInlineSnapshot(`
      {
        "annotations": [],
        "conclusion": "success",
        "summary": "10 guards passed, 1 restored, 1 skipped. Confidence: 96 % (claimed 99 %, capped: the tag was seen running).",
        "text": "| Guard | Verdict | Note |
      |---|---|---|
      | envelope | ✅ passed |  |
      | yaml | ✅ passed |  |
      | scope | ✅ passed |  |
      | invariants | ✅ passed |  |
      | class-paths | ♻️ restored | 1 field put back |
      | grounding | ✅ passed |  |
      | plausible | ✅ passed |  |
      | schema | ✅ passed |  |
      | not-worse | ✅ passed |  |
      | blast-radius | ✅ passed |  |
      | secrets | ✅ passed |  |
      | server-dry-run | ➖ skipped | not configured |

      | Rule | Where | What | Before → proposed → final |
      |---|---|---|---|
      | \`class-paths/outside-class\` | \`D1 spec.replicas\` | image-not-found may not change spec.replicas | \`2\` → \`50\` → \`2\` |",
        "title": "Approved: 10 guards passed, 1 restored, 1 skipped",
      }
    `);
  });

  it("names the guard that refused", () => {
    const finding = { guard: "scope", verdict: "refused", rule: "kind", message: "ClusterRoleBinding may not be added" } as const;
    const report = { ...REPORT, verdicts: [{ guard: "scope", verdict: "refused", note: "" } as const], findings: [finding] };
    const { conclusion, title, summary } = renderCheck({ kind: "refused", report });
    expect({ conclusion, title, summary }).toMatchInlineSnapshot(`
      {
        "conclusion": "failure",
        "summary": "0 guards passed, 1 refused. Confidence: 96 % (claimed 99 %, capped: the tag was seen running).

      - **scope**: ClusterRoleBinding may not be added",
        "title": "Refused by scope: ClusterRoleBinding may not be added",
      }
    `);
  });

  it("stays within GitHub's limits", () => {
    const finding = { guard: "scope", verdict: "refused", rule: "r", message: "<".repeat(5000), proposed: "|".repeat(5000) } as const;
    const report = { ...REPORT, findings: Array.from({ length: 500 }, () => finding) };
    const remarks = Array.from({ length: 80 }, (_, i) => ({ path: "a.yaml", startLine: i + 1, endLine: i + 1, level: "failure" as const, message: "m" }));
    const check = renderCheck({ kind: "refused", report }, remarks);
    expect(check.text.length).toBeLessThanOrEqual(65_535);
    expect(check.summary.length).toBeLessThanOrEqual(65_535);
    expect(check.annotations).toHaveLength(50);
  });

  it("is neutral where nothing applies", () => {
    expect(renderCheck({ kind: "not-applicable", why: "No delivered manifest changed." })).toMatchObject({
      conclusion: "neutral",
      title: "Nothing to validate",
    });
  });
});

describe("an issue for people", () => {
  it("says why there is no pull request and what to do", () => {
    expect(renderEscalationTitle(escalation())).toMatchInlineSnapshot(
      `"Needs a human: shop-01/checkout: the Secret "payments" does not exist in namespace shop-01"`,
    );
    expect(readable(renderEscalation(escalation()))).toMatchInlineSnapshot(`
      "**The Secret "payments" does not exist in namespace shop-01.**

      - **Failing:** Deployment \`shop-01/checkout\`, delivered by Argo CD Application \`argocd/shop-01\`
      - **Since:** 2026-11-22 22:06 UTC
      - **Class:** \`secret-missing\`, diagnosed by \`secret-missing\` with a confidence of 90 %

      ### Why there is no pull request

      A value that only people know is missing: the bot never invents secrets.

      ### What to do

      Create the Secret payments with the key token, or point the Deployment at one that exists.

      <details>
      <summary><b>Evidence</b>: what the cluster shows</summary>

      What the cluster shows:

      - Deployment \`shop-01/checkout\`, container \`checkout\`: \`Back-off pulling image "acme/checkout:1.4.7"\`

      </details>

      <details>
      <summary><b>Commands</b></summary>

      - \`/autofix retry [hint]\`: look again, and open a pull request where that finds a safe fix; the hint goes to the diagnosis
      - \`/autofix explain\`: the diagnosis in detail, with what was ruled out
      - \`/autofix close\`: close it; this failure is left alone until \`reopen\`
      - \`/autofix reopen\`: take it up again
      - \`/autofix help\`: this list

      At the start of a line, by people with write access.

      </details>

      This issue is kept up to date, and closed when the deployment recovers. Closing it by hand keeps it closed.

      <!-- autofix:v1 … -->"
    `);
  });
});
