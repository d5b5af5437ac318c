import { subscribe } from 'node:diagnostics_channel';
import { startLocalSynapse, type ConditionSettings } from '../../src/server/index.js';

/** The responses of the server since the last report. */
export interface Answers {
  /** Calls of the API that were served, without those of storage. */
  served: number;
  /** Calls with a 429 response. */
  refused: number;
  /** The same after the first minute. */
  late: { served: number; refused: number };
}

/** Runs an embedded Synapse in a separate process until its parent ends. It counts its responses. */
const synapse = await startLocalSynapse({ onWarning: () => undefined });
let answers: Answers;
let began = performance.now();
const reset = (): void => {
  answers = { served: 0, refused: 0, late: { served: 0, refused: 0 } };
  began = performance.now();
};
reset();
subscribe('synapseclient:server:request', (entry) => {
  const { operation, status } = entry as { operation?: string; status: number };
  if (operation === undefined) return;
  const kind = status === 429 ? 'refused' : 'served';
  answers[kind] += 1;
  if (performance.now() - began > 60_000) answers.late[kind] += 1;
});
process.on('message', (conditions: ConditionSettings) => {
  process.send?.(answers);
  synapse.conditions.set(conditions);
  reset();
});
process.on('disconnect', () => process.exit());
process.send?.({ endpoint: synapse.endpoint, authToken: synapse.authToken });
