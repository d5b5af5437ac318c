/** An answer of this server that does not fit the API description. */
export interface ContractViolation {
  /** `service.name` of the operation. */
  readonly operation: string;
  /** Name of the model that the answer should have. */
  readonly model: string;
  /** What is wrong, e.g. `/etag must be string`. */
  readonly problem: string;
}

const capacity = 100;

/** What went wrong inside of the server; the first 100 of each kind. */
export class Problems {
  readonly violations: ContractViolation[] = [];
  readonly errors: unknown[] = [];
  readonly #warn: (message: string) => void;

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  addViolation(violation: ContractViolation): void {
    if (this.violations.length < capacity) {
      this.violations.push(violation);
    }
  }

  addError(where: string, error: unknown): void {
    if (this.errors.length < capacity) {
      this.errors.push(error);
    }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#warn(`Internal error of the embedded Synapse in ${where}: ${detail}`);
  }
}
