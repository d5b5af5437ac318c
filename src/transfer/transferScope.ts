import { setMaxListeners } from 'node:events';
import { openScope, type Scope } from '../net/clock.js';

/** Opens a scope for the parts of a transfer, or the transfers of a bulk. */
export function openTransferScope(parent: AbortSignal | undefined): Scope {
  const scope = openScope(parent);
  allowManyListeners(parent);
  allowManyListeners(scope.signal);
  return scope;
}

/** Disables the leak warning of Node.js for a signal, because every transfer and every part listens to it. */
export function allowManyListeners(signal: AbortSignal | undefined): void {
  if (signal !== undefined) setMaxListeners(0, signal);
}
