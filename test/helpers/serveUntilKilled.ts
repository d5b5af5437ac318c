// A server in a process of its own, for tests that kill it. Prints one line when it is ready. With `standby` as a
// second argument it waits for a line first, and ends with its input: so one is warmed up while another runs.
import { once } from 'node:events';

import { startLocalSynapse } from '../../src/server/index.js';

const [, , dataDir = '', standby] = process.argv;
if (standby !== undefined) {
  process.stdin.on('end', () => process.exit());
  await once(process.stdin, 'data');
}
const { endpoint, authToken } = await startLocalSynapse({ dataDir });
process.stdout.write(`${JSON.stringify({ endpoint, authToken })}\n`);
