// A server in a process of its own, for tests that kill it. Prints one line when it is ready.
import { startLocalSynapse } from '../../src/server/index.js';

const { endpoint, authToken } = await startLocalSynapse({ dataDir: process.argv[2] ?? '' });
process.stdout.write(`${JSON.stringify({ endpoint, authToken })}\n`);
