import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startLocalSynapse } from '../src/server/index.js';
import { operationsPage } from './operationsPage.js';

/** `npm run docs`: writes the page that lists the operations of the embedded server. */
const synapse = await startLocalSynapse();
const page = operationsPage(synapse.operations);
await synapse.close();
writeFileSync(join(import.meta.dirname, '../docs/server-operations.md'), page);
