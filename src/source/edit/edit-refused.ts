/** Replaces the characters from `from` to `to`. */
export interface Splice {
  from: number;
  to: number;
  text: string;
}

export type EditRefusalCode = "invalid-yaml" | "not-found" | "anchor" | "block-scalar" | "unsupported" | "gate";

/** Thrown inside the editor only; `editDocument` returns it as a value. */
export class EditRefused extends Error {
  readonly code: EditRefusalCode;
  constructor(code: EditRefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
