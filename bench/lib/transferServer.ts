import { startLocalSynapse } from '../../src/server/index.js';

/** An embedded Synapse in a process of its own, until its parent goes away. */
const synapse = await startLocalSynapse({ onWarning: () => undefined });
process.send?.({ endpoint: synapse.endpoint, authToken: synapse.authToken });
process.on('message', (conditions: Parameters<typeof synapse.conditions.set>[0]) => {
  synapse.conditions.set(conditions);
  process.send?.('set');
});
process.on('disconnect', () => process.exit());
