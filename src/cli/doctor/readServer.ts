import { resolveEndpoints } from '../../api/endpoints.js';
import type { ClientSettings, SynapseOptions } from '../../auth/clientSettings.js';
import { SynapseError } from '../../errors.js';
import { openScope, systemClock } from '../../net/clock.js';
import type { Environment } from '../../net/environment.js';
import { classifyFault, type Fault } from '../../net/faults.js';
import { createNodeFetch } from '../../net/nodeFetch.js';
import type { WireFetch } from '../../net/wireFetch.js';

/** An answer to `GET /repo/v1/version`. */
export interface ServerAnswer {
  kind: 'answer';
  url: string;
  status: number;
  /** The `Date` header, in milliseconds since 1970. */
  serverTime: number | undefined;
  /** The time of this machine when the answer arrived, in milliseconds since 1970. */
  localTime: number;
  /** Milliseconds of the first request, with its connection. */
  firstMs: number;
  /** Milliseconds of a request on an open connection. */
  nextMs: number | undefined;
  /** The version of Synapse; `undefined` when the answer is not one of Synapse. */
  version: string | undefined;
  /** The target of a redirect. */
  location: string | undefined;
}

export type ServerReading =
  | ServerAnswer
  | { kind: 'fault'; url: string; fault: Fault }
  /** A setting cannot be used: no request was sent. */
  | { kind: 'unusable'; reason: string };

/** Milliseconds for one request. */
const requestTimeout = 8000;
const timedOut = new Error('No answer in time.');
const noAnswer: Fault = { kind: 'fault', code: 'ETIMEDOUT', sent: 'maybe', outlook: 'temporary' };

/** Which server is asked, and how. */
export interface ServerQuestion {
  client: SynapseOptions;
  settings: ClientSettings;
  environment: Environment;
  signal: AbortSignal;
}

/** Asks the server for its version, twice, through the connections that the client uses. */
export async function readServer({
  client,
  settings,
  environment,
  signal,
}: ServerQuestion): Promise<ServerReading> {
  let url: string;
  try {
    const { endpoint, endpoints } = settings;
    const { baseUrl, path } = resolveEndpoints({ endpoint, endpoints })('/repo/v1/version');
    url = baseUrl + path;
  } catch (error) {
    return { kind: 'unusable', reason: (error as Error).message };
  }
  const wire = createNodeFetch({ env: environment });
  const headers = new Headers({ accept: 'application/json', 'user-agent': client.userAgent ?? '' });
  const ask = (): ReturnType<WireFetch> => {
    const limit = { clock: systemClock, ms: requestTimeout, reason: () => timedOut };
    const scope = openScope(signal, limit);
    const request = { method: 'GET', headers, signal: scope.signal, redirect: 'manual' } as const;
    return wire.fetch(url, request).finally(() => scope.end());
  };
  try {
    const began = performance.now();
    const answer = await ask();
    const firstMs = performance.now() - began;
    const localTime = Date.now();
    const text = await answer.text();
    const version = versionIn(text);
    return {
      kind: 'answer',
      url,
      status: answer.status,
      serverTime: timeIn(answer.headers.get('date')),
      localTime,
      firstMs,
      nextMs: version === undefined ? undefined : await measured(ask),
      version,
      location: answer.headers.get('location') ?? undefined,
    };
  } catch (error) {
    if (error instanceof SynapseError) return { kind: 'unusable', reason: error.message };
    return { kind: 'fault', url, fault: error === timedOut ? noAnswer : classifyFault(error) };
  } finally {
    await wire.close();
  }
}

async function measured(ask: () => ReturnType<WireFetch>): Promise<number | undefined> {
  const began = performance.now();
  try {
    await (await ask()).text();
    return performance.now() - began;
  } catch {
    return undefined;
  }
}

function timeIn(date: string | null): number | undefined {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? undefined : time;
}

function versionIn(text: string): string | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    const isVersion = typeof answer === 'object' && answer !== null && 'version' in answer;
    return isVersion && typeof answer.version === 'string' ? answer.version : undefined;
  } catch {
    return undefined;
  }
}
