import { subscribe } from 'node:diagnostics_channel';
import { startLocalSynapse } from '../../src/server/index.js';

/** What the server answered since the last report. */
export interface ServedCalls {
  /** Calls of the API, without those of storage. */
  calls: number;
  /** The time of the last answer, in milliseconds since 1970. */
  lastAt: number;
}

/** Runs an embedded Synapse in a separate process until its parent ends. A message makes it report its answers. */
const synapse = await startLocalSynapse({ onWarning: () => undefined });
let served: ServedCalls = { calls: 0, lastAt: 0 };
subscribe('synapseclient:server:request', (entry) => {
  if ((entry as { operation?: string }).operation === undefined) return;
  served = { calls: served.calls + 1, lastAt: Date.now() };
});
process.on('message', () => {
  process.send?.(served);
  served = { calls: 0, lastAt: 0 };
});
process.on('disconnect', () => process.exit());
process.send?.({ endpoint: synapse.endpoint, authToken: synapse.authToken });
