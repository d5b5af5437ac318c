import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { systemCode } from '../../errors.js';
import { bareHost, proxyFor } from '../../net/proxyFor.js';
import { ok, problem, skipped, type Check } from './check.js';

const advice =
  'Check the network connection, the name of the endpoint, and the DNS settings of this machine.';

/** Whether the name of the server is known. */
export const dns: Check = {
  name: 'dns',
  title: 'Name of the server',
  timeout: 8000,
  onTimeout: problem('The DNS servers of this machine do not answer.', advice),
  run: async ({ settings, environment }) => {
    const address = settings.endpoints.repo ?? settings.endpoint;
    if (!URL.canParse(address)) return [skipped('The endpoint is not usable.')];
    const url = new URL(address);
    const host = bareHost(url.hostname);
    if (isIP(host) !== 0) return [ok(`${host} is an address.`)];
    if (proxyOf(url, environment) !== undefined) return [skipped(`The proxy looks ${host} up.`)];
    try {
      const found = await lookup(host, { all: true });
      const addresses = found.map((one) => one.address);
      const more = addresses.length > 3 ? ` and ${addresses.length - 3} more` : '';
      return [
        ok(`${host} is ${addresses.slice(0, 3).join(', ')}${more}`, {
          addresses: addresses.length,
        }),
      ];
    } catch (error) {
      return [problem(`Cannot find ${host} (${systemCode(error) ?? 'unknown error'}).`, advice)];
    }
  },
};

function proxyOf(url: URL, environment: Parameters<typeof proxyFor>[1]): string | undefined {
  try {
    return proxyFor(url, environment);
  } catch {
    // The check of the proxy says so.
    return undefined;
  }
}
