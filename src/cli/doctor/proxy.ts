import { redactUrl } from '../../errors.js';
import { readVariable, type Environment } from '../../net/environment.js';
import { proxyFor } from '../../net/proxyFor.js';
import { note, ok, problem, type Check, type Finding } from './check.js';

/** Which way requests go. See docs/proxies.md. */
export const proxy: Check = {
  name: 'proxy',
  title: 'Proxy',
  run: ({ settings, environment }) => {
    const address = settings.endpoints.repo ?? settings.endpoint;
    return URL.canParse(address) ? [proxyFinding(new URL(address), environment)] : [];
  },
};

const variables = ['http_proxy', 'https_proxy', 'all_proxy'];

/** @param url - The address of the server. */
export function proxyFinding(url: URL, environment: Environment): Finding {
  const set = variables.flatMap((name) => readVariable(environment, name)?.name ?? []);
  const exceptions = readVariable(environment, 'no_proxy');
  let used: string | undefined;
  try {
    used = proxyFor(url, environment);
  } catch (error) {
    return problem((error as Error).message, `Correct or unset ${set.join(' and ')}.`);
  }
  if (used !== undefined) {
    const name = redactUrl(used);
    return ok(`Requests to ${url.host} go through ${name} (${set.join(', ')}).`, { proxy: name });
  }
  if (set.length === 0) return ok('None is set: connections are direct.');
  const advice =
    url.protocol === 'https:' && set.every((name) => name.toLowerCase() === 'http_proxy')
      ? 'If this network needs the proxy, set HTTPS_PROXY as well.'
      : `${exceptions?.name ?? 'NO_PROXY'} lists the host, or it is this machine. See docs/proxies.md.`;
  return note(`${set.join(' and ')} is set, but not used for ${url.host}.`, advice);
}
