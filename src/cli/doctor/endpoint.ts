import { defaultEndpoint, resolveEndpoints } from '../../api/endpoints.js';
import { note, ok, problem, type Check, type Finding } from './check.js';

/** Which server is used. */
export const endpoint: Check = {
  name: 'endpoint',
  title: 'Server',
  run: ({ settings, client, environment, configPath, unusable }) => {
    // Other errors are those of the file, which its own check reports.
    if ((unusable as { code?: unknown } | undefined)?.code === 'ARGUMENT') {
      return [problem(unusable?.message ?? '', `Correct [endpoints] of ${configPath}.`)];
    }
    const { endpoint: root, endpoints } = settings;
    const services = Object.values(endpoints).filter((url) => typeof url === 'string');
    const from =
      client.endpoint !== undefined
        ? '--endpoint or SYNAPSE_ENDPOINT'
        : environment['SYNAPSE_ENDPOINT']
          ? 'SYNAPSE_ENDPOINT'
          : services.length > 0
            ? `[endpoints] of ${configPath}`
            : undefined;
    try {
      resolveEndpoints({ endpoint: root, endpoints });
    } catch (error) {
      return [problem((error as Error).message, `Correct ${from ?? 'the endpoint'}.`)];
    }
    const urls = services.length > 0 ? services.map((url) => new URL(url).origin) : [root];
    return [...new Set(urls)].map((url) => endpointFinding(url, from));
  },
};

/** @param from - Where the address comes from; `undefined` for the default one. */
export function endpointFinding(url: string, from: string | undefined): Finding {
  const details = { url };
  const { protocol, hostname } = new URL(url);
  if (protocol === 'http:' && !isThisMachine(hostname)) {
    const message = `${url} is not encrypted: others on the network can read the token.`;
    return note(message, `Use https:// in ${from ?? 'the endpoint'}.`, details);
  }
  const what = url === defaultEndpoint ? 'synapse.org' : `${url}, from ${from ?? 'the default'}`;
  return ok(what, details);
}

function isThisMachine(hostname: string): boolean {
  return /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(hostname);
}
