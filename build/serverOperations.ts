import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startLocalSynapse } from '../src/server/index.js';
import { limitRows } from '../src/server/limits.js';
import { pageLimits } from '../src/server/pageLimits.js';
import { limitsPage } from './limitsPage.js';
import { operationsPage } from './operationsPage.js';

/** `npm run docs`: writes the pages that list the operations and the limits of the embedded server. */
const synapse = await startLocalSynapse();
const page = operationsPage(synapse.operations);
await synapse.close();
const docs = join(import.meta.dirname, '../docs');
writeFileSync(join(docs, 'server-operations.md'), page);
writeFileSync(join(docs, 'limits.md'), limitsPage(limitRows, pageLimits));
