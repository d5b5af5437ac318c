import { Synapse, type File } from '../../../src/index.js';

/** `getIntoCache.ts ENDPOINT TOKEN ID CACHE`: gets a file into a cache and prints where it is. */
const [endpoint = '', authToken = '', id = '', cacheDir = ''] = process.argv.slice(2);
const syn = new Synapse({ endpoint, cacheDir, environment: {}, configPath: '/dev/null' });
await syn.login({ authToken });
const { path = '' } = (await syn.get(id)) as File;
await syn.close();
process.stdout.write(path);
