import { startLocalSynapse } from '../../src/server/index.js';

/** Runs an embedded Synapse in a separate process until its parent ends. */
const synapse = await startLocalSynapse({ onWarning: () => undefined });
process.on('disconnect', () => process.exit());
process.send?.({ endpoint: synapse.endpoint, authToken: synapse.authToken });
