import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Names the directory in which the processes of a test run leave what they observed. */
export const directoryVariable = 'SYNAPSE_CONTRACT_DIRECTORY';

/**
 * Observes the embedded Synapses of this process.
 *
 * @returns what ends it and tells what was seen: how often each operation was answered, `ok` and
 *   `refused`, the answers that did not fit the API description, and the errors that were answered with 500
 */
export function observe() {
  const operations = {};
  const violations = [];
  const errors = [];
  const listeners = {
    'synapseclient:server:request': ({ operation, status }) => {
      if (operation === undefined || status === 0) return;
      const counts = (operations[operation] ??= { ok: 0, refused: 0 });
      counts[status < 400 ? 'ok' : 'refused'] += 1;
    },
    'synapseclient:server:violation': (violation) => violations.push(violation),
    'synapseclient:server:error': (error) => errors.push(error?.stack ?? String(error)),
  };
  for (const [name, listener] of Object.entries(listeners)) subscribe(name, listener);
  return () => {
    for (const [name, listener] of Object.entries(listeners)) unsubscribe(name, listener);
    return { operations, violations, errors };
  };
}

/** Leaves what was seen for the end of the run, in a file of its own: nobody waits for anybody. */
export function leave(seen) {
  const directory = process.env[directoryVariable];
  if (directory !== undefined && Object.keys(seen.operations).length > 0) {
    writeFileSync(join(directory, `${randomUUID()}.json`), JSON.stringify(seen));
  }
}
