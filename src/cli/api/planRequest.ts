import type { Synapse, SynapseOptions } from '../../index.js';
import type { PlannedRequest } from './curlCommand.js';

type Fetch = NonNullable<SynapseOptions['fetch']>;

/** Creates a client that sends its requests with the function. */
export type CreateClient = (fetch: Fetch) => Promise<Synapse>;

/**
 * The first request of a call, which is not sent.
 *
 * @throws what the call throws before it sends anything
 */
export async function planRequest(
  create: CreateClient,
  call: (syn: Synapse) => Promise<unknown>,
): Promise<PlannedRequest> {
  let first: PlannedRequest | undefined;
  const syn = await create((url, { method, headers, body }) => {
    first ??= {
      method,
      url: new URL(url).href,
      headers: Object.fromEntries(headers),
      ...(body !== undefined && { body }),
    };
    return Promise.resolve({
      status: 200,
      headers: new Headers({ 'content-type': 'application/json' }),
      text: () => Promise.resolve('{}'),
    });
  });
  await call(syn);
  if (first === undefined) throw new Error('The call sent no request.');
  return first;
}
