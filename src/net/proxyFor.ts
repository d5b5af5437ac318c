import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../errors.js';
import { credentialsOf } from './credentials.js';
import { readVariable, type Environment, type Variable } from './environment.js';

/** Never sent to a proxy: localhost of the proxy is another machine. */
const neverProxied = 'localhost,127.0.0.0/8,::1';

const proxySchemes = /^(https?|socks[45]?|socks4a|socks5h):$/;

/**
 * The proxy that the environment names for a URL, by the rules of curl: `http_proxy` or `https_proxy` by the scheme of
 * the URL, then `all_proxy`, unless `no_proxy` lists the host. docs/proxies.md has the table.
 * @returns the address of the proxy with its scheme, or `undefined` for a direct connection
 * @throws ConfigError when the variable does not contain the address of a proxy
 */
export function proxyFor(url: URL, env: Environment): string | undefined {
  const setting =
    readVariable(env, url.protocol === 'https:' ? 'https_proxy' : 'http_proxy') ??
    readVariable(env, 'all_proxy');
  if (setting === undefined) return undefined;
  const exceptions = `${readVariable(env, 'no_proxy')?.value ?? ''},${neverProxied}`;
  return isExcepted(url, exceptions) ? undefined : proxyAddress(setting);
}

/** A host without the brackets around an IPv6 address. */
export function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

function proxyAddress({ name, value }: Variable): string {
  const address = value.includes('://') ? value : `http://${value}`;
  if (!isProxyAddress(address)) {
    // The message does not contain the value, which can include a password.
    throw new ConfigError(
      `${name} is not the address of a proxy, such as http://proxy.example.org:3128.`,
      { path: name },
    );
  }
  return address;
}

function isProxyAddress(text: string): boolean {
  try {
    const url = new URL(text);
    credentialsOf(url);
    return proxySchemes.test(url.protocol) && url.hostname !== '';
  } catch {
    return false;
  }
}

/** `no_proxy`: host names (including their subdomains), addresses and address blocks, each with or without a port; or `*`. */
function isExcepted(url: URL, exceptions: string): boolean {
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = bareHost(url.hostname).replace(/\.$/, '');
  return exceptions
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .some((item) => {
      if (item === '*') return true;
      const [name, itemPort] = splitPort(item);
      if (itemPort !== undefined && itemPort !== port) return false;
      return isIP(host) === 0 ? isBelow(host, bareHost(name)) : isInBlock(host, name);
    });
}

/** `::1` has no port; `[::1]:80` has one. */
function splitPort(item: string): readonly [name: string, port: string | undefined] {
  const [, name = item, port] = /^([^:]*|\[.*\]):(\d+)$/.exec(item) ?? [];
  return [name, port];
}

function isBelow(host: string, name: string): boolean {
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return host === domain || host.endsWith(`.${domain}`);
}

/** @param block an address, or a block such as `10.0.0.0/8` */
function isInBlock(address: string, block: string): boolean {
  const [first = '', prefix] = block.split('/');
  const network = bareHost(first);
  const family = isIP(network);
  const longest = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? longest : Number(/^\d+$/.exec(prefix)?.[0] ?? Number.NaN);
  if (family === 0 || !(bits <= longest)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, familyName(network));
  return list.check(address, familyName(address));
}

function familyName(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6';
}
