import type http from 'node:http';
import type { SecureContext } from 'node:tls';
import type { Environment } from './environment.js';
import { proxyFor } from './proxyFor.js';
import { secureContextFor } from './trust.js';

/** Milliseconds. Shorter than the idle timeouts of servers and load balancers, so that no request is sent on a connection that
 * they close. */
export const idleTimeout = 4_000;

const agentOptions = { keepAlive: true, scheduling: 'lifo', timeout: idleTimeout } as const;

/**
 * The connections of a client: the proxies and the certificates that the environment names, and connections that are kept
 * for later requests. The environment is read at the first request.
 */
export class Connections {
  readonly #env: Environment;
  /** By origin; `undefined` for a direct connection. */
  readonly #proxies = new Map<string, string | undefined>();
  readonly #agents = new Map<string, Promise<http.Agent>>();
  #closing = new AbortController();

  constructor(env: Environment) {
    this.#env = env;
  }

  /**
   * The proxy for a URL, or `undefined` for a direct connection.
   * @throws ConfigError when the environment names a proxy that cannot be used
   */
  proxyFor(url: URL): string | undefined {
    const { origin } = url;
    if (this.#proxies.has(origin)) return this.#proxies.get(origin);
    const proxy = proxyFor(url, this.#env);
    this.#proxies.set(origin, proxy);
    return proxy;
  }

  /**
   * The certificates to trust.
   * @throws ConfigError when the environment names a file that cannot be read
   */
  secureContext(): Promise<SecureContext> {
    return secureContextFor(this.#env);
  }

  /**
   * The agent for a URL: one for each scheme and proxy.
   * @throws ConfigError as {@link proxyFor} and {@link secureContext}
   */
  async agentFor(url: URL): Promise<http.Agent> {
    const proxy = this.proxyFor(url);
    const key = `${url.protocol} ${proxy ?? ''}`;
    let agent = this.#agents.get(key);
    if (agent === undefined) {
      agent = this.#createAgent(url.protocol, proxy);
      this.#agents.set(key, agent);
      agent.catch(() => this.#agents.delete(key));
    }
    return agent;
  }

  /** Closes the connections. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#closing = new AbortController();
    const agents = [...this.#agents.values()];
    this.#agents.clear();
    for (const agent of agents) (await agent.catch(() => undefined))?.destroy();
  }

  async #createAgent(protocol: string, proxy: string | undefined): Promise<http.Agent> {
    const isTls = protocol === 'https:';
    const { signal } = this.#closing;
    if (proxy === undefined) {
      const { Agent } = isTls ? await import('node:https') : await import('node:http');
      const secureContext = isTls ? await this.secureContext() : undefined;
      return new Agent({ ...agentOptions, secureContext });
    }
    const proxyUrl = new URL(proxy);
    const needsTrust = isTls || proxyUrl.protocol === 'https:';
    const secureContext = needsTrust ? await this.secureContext() : undefined;
    const tunnel = { proxy: proxyUrl, secureContext, signal };
    const { HttpTunnelAgent, HttpsTunnelAgent } = await import('./tunnelAgents.js');
    return isTls
      ? new HttpsTunnelAgent({ ...agentOptions, secureContext }, tunnel)
      : new HttpTunnelAgent(agentOptions, tunnel);
  }
}
