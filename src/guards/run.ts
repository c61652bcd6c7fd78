import { messageOf } from "../errors.ts";
import { GUARDS, type GuardFinding, type GuardName, type GuardResult, type InvariantReport, refused, verdictOf } from "./report.ts";

/** Collects what the guards say. A guard that throws has refused: an error must never open the gate. */
export class GuardRun {
  readonly #results = new Map<GuardName, GuardResult>();
  #confidence: InvariantReport["confidence"];

  /** @param earlier the report of the guards that ran before, on the proposal */
  constructor(earlier: InvariantReport) {
    this.#confidence = earlier.confidence;
    for (const { guard, verdict, note } of earlier.verdicts) {
      if (verdict !== "skipped") this.#add(guard, { findings: earlier.findings.filter((finding) => finding.guard === guard), note });
    }
  }

  /** Runs one guard; findings may name other guards, which then have them. Undefined where it threw. */
  run<Result extends GuardResult>(guard: GuardName, check: () => Result): Result | undefined {
    try {
      const result = check();
      this.#add(guard, { ...result, findings: result.findings.filter((finding) => finding.guard === guard) });
      for (const finding of result.findings) if (finding.guard !== guard) this.#add(finding.guard, { findings: [finding] });
      return result;
    } catch (thrown) {
      this.#add(guard, {
        findings: [refused(guard, "guard-failed", `The guard itself failed, so the proposal is refused: ${messageOf(thrown).slice(0, 200)}`)],
      });
      return undefined;
    }
  }

  confidence(confidence: InvariantReport["confidence"]): void {
    this.#confidence = confidence;
  }

  get isRefused(): boolean {
    return [...this.#results.values()].some((result) => verdictOf(result) === "refused");
  }

  report(): InvariantReport {
    const verdicts = GUARDS.map((guard) => {
      const result = this.#results.get(guard);
      return result
        ? { guard, verdict: verdictOf(result), note: result.note ?? "" }
        : { guard, verdict: "skipped" as const, note: guard === "server-dry-run" ? "not switched on" : "not reached" };
    });
    const findings = GUARDS.flatMap((guard): GuardFinding[] => this.#results.get(guard)?.findings ?? []);
    return { verdicts, findings, confidence: this.#confidence };
  }

  #add(guard: GuardName, { findings, note, skipped }: GuardResult): void {
    const known = this.#results.get(guard);
    const merged: GuardResult = { findings: [...(known?.findings ?? []), ...findings] };
    const text = note || known?.note;
    if (text) merged.note = text;
    if (skipped && (known === undefined || known.skipped)) merged.skipped = true;
    this.#results.set(guard, merged);
  }
}

/** The report before any guard ran. */
export function emptyReport(claimed: number): InvariantReport {
  return { verdicts: [], findings: [], confidence: { claimed, final: 0, cappedBy: [] } };
}

/** What cannot even be looked at (a value that throws when it is read) is refused like everything else that a guard cannot judge. */
export function failClosed<Verdict>(judge: () => Verdict): Verdict | { kind: "refused"; report: InvariantReport } {
  try {
    return judge();
  } catch (thrown) {
    const run = new GuardRun(emptyReport(0));
    run.run("envelope", () => {
      throw thrown;
    });
    return { kind: "refused", report: run.report() };
  }
}
