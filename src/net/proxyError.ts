import { redactText } from '../errors.js';

/** A proxy that cannot be reached, or that does not connect to the host. Never contains its user and password. */
export class ProxyError extends Error {
  /** The error code of the system, such as `ECONNREFUSED`, or the response of the proxy, such as `PROXY_407`. */
  readonly code: string;
  /** Host and port of the proxy. */
  readonly proxy: string;
  /** Whether a retry would fail the same way. */
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
