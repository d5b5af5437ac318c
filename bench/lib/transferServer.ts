import { startLocalSynapse, type ConditionSettings } from '../../src/server/index.js';

/** An embedded Synapse in a process of its own, for as long as its parent lives. */
const synapse = await startLocalSynapse({ onWarning: () => undefined });
process.on('message', (conditions: ConditionSettings) => {
  synapse.conditions.set(conditions);
  process.send?.('set');
});
process.on('disconnect', () => process.exit());
process.send?.({ endpoint: synapse.endpoint, authToken: synapse.authToken });
