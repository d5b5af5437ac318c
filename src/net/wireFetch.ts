/** A request as the sender makes it. */
export interface WireRequest {
  method: string;
  headers: Headers;
  body?: string;
  signal: AbortSignal;
  /** Another host must not get the access token, nor what it sends be read as an answer of the API. */
  redirect: 'manual';
}

/** As much of `Headers` as is looked at: to make one for each answer takes time. */
export interface WireHeaders extends Iterable<[name: string, value: string]> {
  /** @param name in any case */
  get(name: string): string | null;
}

/** What the sender wants to know of an answer. */
export interface WireResponse {
  readonly status: number;
  readonly headers: WireHeaders;
  text(): Promise<string>;
}

/** As much of `fetch` as calls of the API need; the real one is one of these. */
export type WireFetch = (url: string, init: WireRequest) => Promise<WireResponse>;
