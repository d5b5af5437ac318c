/** An answer of this server that does not fit the API description. */
export interface ContractViolation {
  /** `service.name` of the operation. */
  readonly operation: string;
  /** Name of the model that the answer should have. */
  readonly model: string;
  /** What is wrong, e.g. `/etag must be string`. */
  readonly problem: string;
}

/** Callbacks for problems. */
export interface ProblemListener {
  onWarning(message: string): void;
  onViolation?(violation: ContractViolation): void;
  onError?(error: unknown): void;
}

const capacity = 100;

/** Collects defects of the server: the first 100 of each kind. */
export class Problems {
  readonly violations: ContractViolation[] = [];
  readonly errors: unknown[] = [];
  readonly #listener: ProblemListener;

  constructor(listener: ProblemListener) {
    this.#listener = listener;
  }

  addViolation(violation: ContractViolation): void {
    if (this.violations.length < capacity) {
      this.violations.push(violation);
    }
    this.#listener.onViolation?.(violation);
  }

  addError(where: string, error: unknown): void {
    if (this.errors.length < capacity) {
      this.errors.push(error);
    }
    this.#listener.onError?.(error);
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#listener.onWarning(`Internal error of the embedded Synapse in ${where}: ${detail}`);
  }
}
