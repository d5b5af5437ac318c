import { setMaxListeners } from 'node:events';
import { openScope, type Scope } from '../net/clock.js';

/** Opens a scope for the parts of a transfer, or the transfers of a bulk. */
export function openTransferScope(parent: AbortSignal | undefined): Scope {
  const scope = openScope(parent);
  expectListeners(parent);
  expectListeners(scope.signal);
  return scope;
}

/** Lets as many listen to a signal as there are transfers and parts: Node would warn of a leak. */
export function expectListeners(signal: AbortSignal | undefined): void {
  if (signal !== undefined) setMaxListeners(0, signal);
}
