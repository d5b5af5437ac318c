import { expect } from '@jest/globals';

import type { Answer } from '../helpers/api.js';
import type { TestServer } from './entitySession.js';

/**
 * Longest that another user may wait, in milliseconds. Work that is not limited takes minutes; the
 * limits keep it far below a second on a machine with nothing else to do.
 */
const longestWait = 5000;

/**
 * Sends requests as one user while another one keeps asking for something small, and returns the
 * answer. Fails when the other user had to wait.
 */
export async function whileOthersWork(
  server: TestServer,
  send: () => Promise<Answer>,
): Promise<Answer> {
  let isDone = false;
  let longest = 0;
  const ping = async (): Promise<void> => {
    while (!isDone) {
      const start = performance.now();
      const { status } = await server.carol.get('/userProfile');
      longest = Math.max(longest, performance.now() - start);
      expect(status).toBe(200);
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
    }
  };
  const pings = ping();
  try {
    return await send();
  } finally {
    isDone = true;
    await pings;
    expect(longest).toBeLessThan(longestWait);
  }
}
