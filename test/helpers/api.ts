import type { LocalSynapse } from '../../src/server/index.js';

/** An answer of the server with its body parsed. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** JSON, or the text of anything else. */
  readonly body: unknown;
}

/** What goes with a request. */
export interface Sent {
  /** Sent as JSON; a string or bytes are sent as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests to a server as one user (`undefined`: nobody). Paths start with `/repo/v1` and the like. */
export interface Api {
  get(path: string, sent?: Sent): Promise<Answer>;
  post(path: string, body?: unknown, sent?: Sent): Promise<Answer>;
  put(path: string, body?: unknown, sent?: Sent): Promise<Answer>;
  delete(path: string, sent?: Sent): Promise<Answer>;
  send(method: string, path: string, sent?: Sent): Promise<Answer>;
}

/** Talks to a server with plain `fetch`, following no redirect; `headers` go with every request. */
export function api(
  synapse: Pick<LocalSynapse, 'endpoint'>,
  authToken?: string,
  headers: Readonly<Record<string, string>> = {},
): Api {
  const send = async (method: string, path: string, sent: Sent = {}): Promise<Answer> => {
    const { body } = sent;
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(`${synapse.endpoint}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(authToken !== undefined && { authorization: `Bearer ${authToken}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
        ...sent.headers,
      },
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const parsed: unknown = isJson && text !== '' ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, body: parsed };
  };
  return {
    send,
    get: (path, sent) => send('GET', path, sent),
    post: (path, body, sent) => send('POST', path, { ...sent, body }),
    put: (path, body, sent) => send('PUT', path, { ...sent, body }),
    delete: (path, sent) => send('DELETE', path, sent),
  };
}
