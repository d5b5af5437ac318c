import { defaultEndpoint } from '../../api/endpoints.js';
import { SynapseError } from '../../errors.js';
import { classifyFault, describeFault } from '../../net/faults.js';
import { createNodeFetch } from '../../net/nodeFetch.js';
import { ok, problem, skipped, type Check } from './check.js';

/** Where synapse.org keeps files. */
const storageOfSynapse = 'https://s3.amazonaws.com/';

/** Whether the storage of files can be reached: a firewall may allow Synapse, but not the storage. */
export const storage: Check = {
  name: 'storage',
  title: 'File storage',
  run: async ({ settings, client, environment }, signal) => {
    const isSynapse = (settings.endpoints.repo ?? settings.endpoint).startsWith(defaultEndpoint);
    if (!isSynapse) return [skipped('Only the storage of synapse.org is checked.')];
    const wire = createNodeFetch({ env: environment });
    const headers = new Headers({ 'user-agent': client.userAgent ?? '' });
    const host = new URL(storageOfSynapse).host;
    try {
      // Any answer shows that it can be reached.
      await wire.fetch(storageOfSynapse, { method: 'GET', headers, signal, redirect: 'manual' });
      return [ok(`${host} answers.`)];
    } catch (error) {
      if (error instanceof SynapseError) return [skipped('No request can be sent.')];
      const request = { method: 'GET', url: storageOfSynapse, idempotency: 'read' };
      const message = describeFault(classifyFault(error), request);
      return [
        problem(message, `Files cannot be transferred. Ask for access to ${host} in this network.`),
      ];
    } finally {
      await wire.close();
    }
  },
};
