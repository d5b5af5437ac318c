import type { Exchange } from './exchange.js';
import type { Answer } from './respond.js';
import { ServiceError } from './serviceError.js';

/** The public lists that scripts of other origins may load as JSONP. */
const publicPath = /^\/repo\/v1\/(?:userGroupHeaders(?:\/.*)?|teams|teamMembers(?:\/.*)?)$/;

type Asked = Pick<Exchange, 'request' | 'url'>;

/** Whether a request is answered as JSONP. */
export function isJsonp(asked: Asked): boolean {
  return hasCallback(asked.url) && loginOf(asked) === undefined;
}

/**
 * Refuses JSONP to a request that is authorized, because any page can load a script with it.
 *
 * @throws 500 as the service
 */
export function refuseJsonp(asked: Asked): void {
  const login = loginOf(asked);
  if (hasCallback(asked.url) && login !== undefined) {
    throw new ServiceError(
      500,
      `JSONP callbacks are only allowed on public methods with no ${login}`,
    );
  }
}

/** An answer as a script that calls a function with it. */
export function jsonpAnswer(answer: Answer, url: URL): Answer {
  const { body, headers } = answer;
  return typeof body === 'string'
    ? {
        ...answer,
        headers: { ...headers, 'content-type': 'text/javascript;charset=UTF-8' },
        body: `${url.searchParams.get('callback') ?? ''}(${body});`,
      }
    : answer;
}

function hasCallback(url: URL): boolean {
  return url.searchParams.has('callback') && publicPath.test(url.pathname);
}

/** How a request is authorized. */
function loginOf({ request }: Asked): string | undefined {
  const { headers } = request;
  return headers['sessiontoken'] !== undefined
    ? "'sessionToken'"
    : headers.authorization !== undefined
      ? 'authorization.'
      : undefined;
}
