import { channel } from 'node:diagnostics_channel';

import type { ContractViolation } from './problems.js';
import type { LoggedRequest } from './requestLog.js';

interface Channel<T> {
  publish(message: T): void;
}

/**
 * The events that every server of this process publishes on `node:diagnostics_channel`, so that a
 * report on a test run can observe all servers. Publishing without subscribers costs nothing.
 */
export const channels: {
  /** A request was answered. */
  readonly request: Channel<LoggedRequest>;
  /** An answer did not fit the API description. */
  readonly violation: Channel<ContractViolation>;
  /** An error that was answered with 500. */
  readonly error: Channel<unknown>;
} = {
  request: channel('synapseclient:server:request'),
  violation: channel('synapseclient:server:violation'),
  error: channel('synapseclient:server:error'),
};
