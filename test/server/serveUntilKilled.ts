import { startLocalSynapse } from '../../src/server/index.js';

const [, , dataDir = ''] = process.argv;
const { endpoint, users } = await startLocalSynapse({ dataDir });
process.stdout.write(`${JSON.stringify({ endpoint, users })}\n`);
