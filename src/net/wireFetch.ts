/** A request of the sender. */
export interface WireRequest {
  method: string;
  headers: Headers;
  body?: string;
  signal: AbortSignal;
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
