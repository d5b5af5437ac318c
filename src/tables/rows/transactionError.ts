import { SynapseError } from '../../errors.js';

/** It is not known whether a change was applied: its answer was lost, or it took too long. */
export class UnconfirmedError extends SynapseError {
  override readonly name = 'UnconfirmedError';
  /** Whether Synapse confirmed that it began the change. */
  readonly isStarted: boolean;

  constructor(message: string, options: { isStarted: boolean; cause?: unknown }) {
    super(message, { code: 'UNCONFIRMED', cause: options.cause });
    this.isStarted = options.isStarted;
  }
}
