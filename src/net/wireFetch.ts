import type { Scope } from './clock.js';

/** What a request of the sender has in another form. */
export interface LightRequest {
  headers: Readonly<Record<string, string>>;
  /** The scope of the signal. */
  scope: Pick<Scope, 'onAbort' | 'reason'>;
}

/** A request of the sender. */
export interface WireRequest {
  method: string;
  readonly headers: Headers;
  body?: string;
  readonly signal: AbortSignal;
  /** The same without the classes of the Web, which take longer to create than the rest of a small request. */
  readonly light?: LightRequest | undefined;
  /** Redirects are not followed: another host must not receive the access token, and its response is not one of the API. */
  redirect: 'manual';
}

/** The part of `Headers` that is used. Creating a real `Headers` for each response takes time. */
export interface WireHeaders extends Iterable<[name: string, value: string]> {
  /** @param name in any case */
  get(name: string): string | null;
}

/** The part of `Response` that is used. */
export interface WireResponse {
  readonly status: number;
  readonly headers: WireHeaders;
  text(): Promise<string>;
}

/** The part of `fetch` that API calls use. The global `fetch` has this type. */
export type WireFetch = (url: string, init: WireRequest) => Promise<WireResponse>;
