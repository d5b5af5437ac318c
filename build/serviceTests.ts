import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { readDifferences, readMethods } from './readVerdicts.js';
import { serviceTestsPage } from './serviceTestsPage.js';

/** `npm run docs`: writes the page that compares the embedded server with the tests of the service. */
const page = serviceTestsPage(readMethods(), readDifferences());
writeFileSync(join(import.meta.dirname, '../docs/service-tests.md'), page);
