import { describe, expect, test } from '@jest/globals';
import { createUnnamed } from '../../src/api/createUnnamed.js';
import { NotFoundError, TimeoutError } from '../../src/errors.js';

const lost = (): Promise<never> => Promise.reject(new TimeoutError('lost'));

/** Creates something whose answer is lost, where the service has the objects with these ids. */
function createLost(client: object, kind: 'reply' | 'thread', ids: string[]) {
  let attempts = 0;
  const create = (): Promise<{ id: string }> => {
    attempts += 1;
    return attempts === 1 ? lost() : Promise.resolve({ id: 'again' });
  };
  return createUnnamed(client, kind, create, (isKnown) => {
    const id = ids.find((each) => !isKnown(each));
    return Promise.resolve(id === undefined ? undefined : { id });
  });
}

async function create(client: object, kind: 'reply' | 'thread', id: string): Promise<void> {
  await createUnnamed(client, kind, () => Promise.resolve({ id }), lost);
}

describe('what has no unique name', () => {
  test('is found after a lost answer, except what the client has created before', async () => {
    const client = {};
    await create(client, 'thread', '1');
    expect(await createLost(client, 'thread', ['2', '1'])).toEqual({ id: '2' });
    expect(await createLost(client, 'thread', ['2', '1'])).toEqual({ id: 'again' });
  });

  test('of one kind is not confused with another kind or another client', async () => {
    const client = {};
    await create(client, 'thread', '1');
    expect(await createLost(client, 'reply', ['1'])).toEqual({ id: '1' });
    expect(await createLost({}, 'thread', ['1'])).toEqual({ id: '1' });
  });

  test('is not looked up after an answer', async () => {
    const options = { status: 404, reason: 'x', method: 'POST', url: 'x' };
    const refuse = (): Promise<never> => Promise.reject(new NotFoundError('no thread', options));
    const found = createUnnamed({}, 'reply', refuse, () => Promise.resolve({ id: '1' }));
    await expect(found).rejects.toThrow('no thread');
  });
});
