import { startLocalSynapse } from '../../src/server/index.js';

/** Starts an embedded Synapse once and prints the milliseconds until it was ready. */
const started = performance.now();
const synapse = await startLocalSynapse();
const taken = performance.now() - started;
await synapse.close();
process.send?.(taken, () => process.disconnect());
