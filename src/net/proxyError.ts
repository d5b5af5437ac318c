import { redactText } from '../errors.js';

/** A proxy that cannot be reached, or that does not connect to the host. Never holds its user and password. */
export class ProxyError extends Error {
  /** The system's word, such as `ECONNREFUSED`, or `PROXY_407` and the like for what the proxy answered. */
  readonly code: string;
  /** Host and port of the proxy. */
  readonly proxy: string;
  /** It will fail the same way again. */
  readonly isPermanent: boolean;

  constructor(
    proxy: URL,
    { code, isPermanent, cause }: { code: string; isPermanent: boolean; cause?: unknown },
  ) {
    const host = redactText(proxy.host);
    super(`The proxy ${host} failed: ${code}.`, { cause });
    this.name = 'ProxyError';
    this.code = code;
    this.proxy = host;
    this.isPermanent = isPermanent;
  }
}
