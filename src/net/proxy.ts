/** A proxy's localhost is another machine than ours. */
const neverProxied = 'localhost,127.0.0.1,::1';

/**
 * The proxy that the environment names for a URL: `https_proxy`, `http_proxy` and `no_proxy`, in
 * lower or upper case, as for calls of the API.
 * @returns `undefined` for a direct connection
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = read(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy');
  if (proxy === undefined || isExcepted(url, `${read(env, 'no_proxy') ?? ''},${neverProxied}`)) {
    return undefined;
  }
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

/** `no_proxy`: hosts with all below them, `host:port`, or `*`, separated by commas or spaces. */
function isExcepted(url: URL, exceptions: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = bareHost(url.hostname);
  return exceptions
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .some((item) => {
      if (item === '*') return true;
      const [name, itemPort] = splitPort(item);
      if (itemPort !== undefined && itemPort !== port) return false;
      const domain = bareHost(name).replace(/^\*?\./, '');
      return host === domain || host.endsWith(`.${domain}`);
    });
}

/** `::1` has colons and no port; `[::1]:80` has one. */
function splitPort(item: string): readonly [name: string, port: string | undefined] {
  const [, name = item, port] = /^([^:]*|\[.*\]):(\d+)$/.exec(item) ?? [];
  return [name, port];
}

function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

function read(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return (env[name] ?? env[name.toUpperCase()])?.trim() || undefined;
}
