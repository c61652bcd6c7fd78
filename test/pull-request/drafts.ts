import { ApprovedChange } from "../../src/guards/gate.ts";
import { GUARDS, type InvariantReport } from "../../src/guards/report.ts";
import type { Incident } from "../../src/incident/incident.ts";
import type { Draft, Escalation } from "../../src/pull-request/pull.ts";
import type { FileChange } from "../../src/source/workspace.ts";
import { loadRecording } from "../world/recording.ts";
import { REPOSITORY } from "./github.ts";

/** The gate alone can make one; this test room has no gate, so it goes around the constructor's door. */
export function approved(files: readonly FileChange[]): ApprovedChange {
  // biome-ignore lint/plugin: tests of the publisher make changes that no gate would approve
  const change: unknown = Reflect.construct(ApprovedChange, [files]);
  if (!(change instanceof ApprovedChange)) throw new Error("not an approved change");
  return change;
}

export const DEPLOYMENT = "deploy/deployment.yaml";

/** shop-01: a tag that was never pushed, as recorded from a real cluster. */
export function recordedFiles(): { broken: Record<string, string>; good: Record<string, string> } {
  const recording = loadRecording("shop-01");
  return { broken: recording.after, good: recording.before };
}

export const INCIDENT: Incident = {
  key: { kind: "Application", namespace: "argocd", name: "shop-01" },
  target: { group: "apps", kind: "Deployment", namespace: "shop-01", name: "checkout" },
  symptoms: [
    {
      reason: "image",
      object: { group: "apps", kind: "Deployment", namespace: "shop-01", name: "checkout" },
      pod: "checkout-775c869d6f-qnp89",
      container: "checkout",
      message: 'Back-off pulling image "acme/checkout:1.4.7"',
      decided: false,
      since: new Date("2026-11-22T22:06:11Z"),
    },
  ],
  fingerprint: "4f1c9a07".padEnd(64, "0"),
  since: new Date("2026-11-22T22:06:11Z"),
};

export const REPORT: InvariantReport = {
  verdicts: GUARDS.map((guard) => {
    if (guard === "server-dry-run") return { guard, verdict: "skipped", note: "not configured" } as const;
    return { guard, verdict: guard === "class-paths" ? "restored" : "passed", note: guard === "class-paths" ? "1 field put back" : "" } as const;
  }),
  findings: [
    {
      guard: "class-paths",
      verdict: "restored",
      rule: "outside-class",
      message: "image-not-found may not change spec.replicas",
      document: "D1",
      path: "spec.replicas",
      before: 2,
      proposed: 50,
      final: 2,
    },
  ],
  confidence: { claimed: 0.99, final: 0.96, cappedBy: ["the tag was seen running"] },
};

export function draft(changes: Partial<Draft> = {}): Draft {
  const { broken, good } = recordedFiles();
  return {
    incident: INCIDENT,
    diagnosis: {
      kind: "fix",
      proposal: {
        origin: "playbook",
        failureClass: "image-not-found",
        rootCause: "The image tag acme/checkout:1.4.7 does not exist in the registry.",
        target: { object: INCIDENT.target, container: "checkout" },
        confidence: 0.99,
        quotes: [{ evidenceId: "E2", quote: "docker.io/acme/checkout:1.4.7: not found" }],
        documents: [],
        words: ["image of container checkout: acme/checkout:1.4.7 → acme/checkout:1.4.1, the last tag that ran"],
      },
      documents: [],
      provenance: { engine: "playbook", author: "image-not-found", prompt: "", inputTokens: 0, outputTokens: 0 },
    },
    evidence: {
      items: [{ id: "E2", kind: "event", source: "event Failed of pod checkout-775c869d6f-qnp89", at: new Date("2026-11-22T22:06:13Z"), text: "…" }],
      omitted: 3,
      redactions: { "pull-secret": 1 },
    },
    change: approved([{ path: DEPLOYMENT, before: broken[DEPLOYMENT], after: good[DEPLOYMENT] ?? "" }]),
    report: REPORT,
    attempts: [{ number: 1, digest: "ab12", outcome: "proposed", engine: "image-not-found", hint: "", summary: "image back to 1.4.1" }],
    repository: REPOSITORY,
    base: "main",
    baseSha: "0".repeat(40),
    introducedBy: { sha: "a22e654f24ac83c43c86d2b72962edfd9c83a90b", author: "Sam", subject: "Release checkout 1.4.7" },
    ...changes,
  };
}

export function escalation(changes: Partial<Escalation> = {}): Escalation {
  return {
    incident: INCIDENT,
    failureClass: "secret-missing",
    rootCause: 'The Secret "payments" does not exist in namespace shop-01.',
    confidence: 0.9,
    quotes: [],
    evidence: { items: [], omitted: 0, redactions: {} },
    reason: "A value that only people know is missing: the bot never invents secrets.",
    advice: "Create the Secret payments with the key token, or point the Deployment at one that exists.",
    engine: "secret-missing",
    attempts: [],
    repository: REPOSITORY,
    ...changes,
  };
}
