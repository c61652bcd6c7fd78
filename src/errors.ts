/**
 * Every error that Kube AutoFix throws on purpose, as a closed union: tests and callers look at the code, never at the message.
 * Expected outcomes ("refused", "no fix") are values of the stage that finds them, not errors.
 */
export type ErrorCode =
  | "config/missing"
  | "config/invalid"
  | "cli/usage"
  | "cluster/unreachable"
  | "cluster/forbidden"
  | "cluster/invalid-object"
  | "source/repository-not-installed"
  | "source/unreadable"
  | "source/too-large"
  | "source/not-text"
  | "source/invalid-yaml"
  | "source/edit-refused"
  | "source/renderer-missing"
  | "source/renderer-failed"
  | "diagnosis/model-unreachable"
  | "github/conflict"
  | "github/forbidden-path"
  | "github/unexpected"
  | "queue/closed";

/** Whether doing the same again may help; decided where the error is born. */
export type Retry = "never" | "later";

export class AutofixError extends Error {
  override readonly name = "AutofixError";
  readonly code: ErrorCode;
  readonly retry: Retry;

  /** @param message what went wrong and what the reader can do about it */
  constructor(code: ErrorCode, message: string, options: { retry?: Retry; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? "never";
  }
}

/** The message of anything that was thrown, for logs and reports. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
