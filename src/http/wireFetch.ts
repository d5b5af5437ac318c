/** A request as the sender makes it. */
export interface WireRequest {
  method: string;
  headers: Headers;
  body?: string;
  signal: AbortSignal;
  /** Another host must not get the access token, nor what it sends be read as an answer of the API. */
  redirect: 'manual';
}

/** What the sender wants to know of an answer. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Headers;
  text(): Promise<string>;
}

/** As much of `fetch` as calls of the API need; the real one is one of these. */
export type WireFetch = (url: string, init: WireRequest) => Promise<WireResponse>;
