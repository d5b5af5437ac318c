import { afterAll, beforeAll, expect } from '@jest/globals';

import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import type { LocalSynapseOptions } from '../../src/server/index.js';

/** The server of a test file, once its tests run. */
export interface ServerHandle {
  readonly synapse: LocalSynapse;
}

/**
 * Starts an embedded Synapse before the tests of a file (or `describe`) and closes it after them.
 * It is strict, and the tests fail when it violated the API description or broke.
 */
export function withServer(options: LocalSynapseOptions = {}): ServerHandle {
  let synapse: LocalSynapse | undefined;
  beforeAll(async () => {
    synapse = await startLocalSynapse({ strict: true, onWarning: () => undefined, ...options });
  });
  afterAll(async () => {
    await synapse?.close();
    expect(synapse?.contractViolations).toEqual([]);
    expect(synapse?.internalErrors).toEqual([]);
  });
  return {
    get synapse() {
      if (synapse === undefined) {
        throw new Error('The server only runs while the tests of this file do');
      }
      return synapse;
    },
  };
}
