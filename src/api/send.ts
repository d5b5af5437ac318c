import { NetworkError, SynapseError, TimeoutError } from '../errors.js';
import { attempt } from '../net/attempt.js';
import { openScope, type Scope } from '../net/clock.js';
import { attemptTimedOut, classifyFault, describeFault } from '../net/faults.js';
import { observed, type OnRequest } from '../net/requestNotice.js';
import { decideRetry, describeFailure, parseRetryAfter } from './retryPolicy.js';
import type { Clock } from '../net/clock.js';
import type { Fault } from '../net/faults.js';
import { shortestNoticeMs } from './governor.js';
import type { Governor, Slot, WaitNotice } from './governor.js';
import { readThrottle } from './throttle.js';
import type { LightRequest, WireFetch, WireHeaders, WireRequest } from '../net/wireFetch.js';
import type { FailedAttempt, Idempotency, RetryDecision, RetryOptions } from './retryPolicy.js';

export interface SenderOptions {
  fetch: WireFetch;
  governor: Governor;
  retry: RetryOptions;
  clock: Clock;
  onWait?: ((notice: WaitNotice) => void) | undefined;
  onRequest?: OnRequest | undefined;
}

export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
  idempotency: Idempotency;
  signal?: AbortSignal | undefined;
  /** Milliseconds for the whole call: time in the queue, attempts and pauses. */
  timeout?: number | undefined;
}

/** The last response, with any status. Its body has been read. */
export interface Answer {
  status: number;
  headers: WireHeaders;
  text: string;
  /** Milliseconds that the server asked to wait. */
  retryAfter: number | undefined;
  /** Whether an earlier attempt ended without a response after the request may have been sent. */
  mayHaveBeenApplied: boolean;
}

/** Sends a request, with retries, until it has a final response. */
export type Send = (request: OutgoingRequest) => Promise<Answer>;

/** Thrown for an attempt that may be repeated. */
class AttemptFailed extends Error {
  constructor(
    readonly failure: FailedAttempt,
    readonly outcome: { answer: Answer } | { fault: Fault; cause: unknown },
  ) {
    super(describeFailure(failure));
  }
}

/**
 * Sends all requests of a client, at the pace of its governor, with retries according to the retry policy. The whole response
 * is read before its slot is released, so that a connection that breaks in the middle of a body is a failed attempt like any
 * other.
 */
export function createSender(options: SenderOptions): Send {
  /** Hosts that have responded: their names are not misspelt. */
  const answered = new Set<string>();
  const send: Send = (request) => new Call(options, request, answered).run();
  return (request) =>
    request.timeout === undefined
      ? send(request)
      : sendWithin(request.timeout, request, send, options.clock);
}

async function sendWithin(
  ms: number,
  request: OutgoingRequest,
  send: Send,
  clock: Clock,
): Promise<Answer> {
  const scope = openScope(request.signal, deadline(clock, request, ms));
  try {
    return await send({ ...request, signal: scope.signal });
  } finally {
    scope.end();
  }
}

function deadline(clock: Clock, { method, url }: OutgoingRequest, ms: number) {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const message = `${method} to ${host} did not finish within ${ms / 1000} s. Increase the timeout, or try again later.`;
  return { clock, ms, reason: () => new TimeoutError(message) };
}

const final: RetryDecision = { retry: false, delay: 0, reason: 'it is a permanent error' };

/** One call with all its attempts. */
class Call {
  readonly #options: SenderOptions;
  readonly #request: OutgoingRequest;
  readonly #answered: Set<string>;
  readonly #host: string;
  #elapsed = 0;
  #mayHaveBeenApplied = false;
  #decision: RetryDecision = final;

  constructor(options: SenderOptions, request: OutgoingRequest, answered: Set<string>) {
    this.#options = options;
    this.#request = request;
    this.#answered = answered;
    this.#host = hostOf(request.url);
  }

  async run(): Promise<Answer> {
    const { signal } = this.#request;
    try {
      return await attempt((number) => this.#attempt(number), {
        clock: this.#options.clock,
        signal,
        decide: (error) => (error instanceof AttemptFailed ? this.#decision : final),
        onRetry: () => this.#noteRetry(),
      });
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      const { outcome } = error;
      if ('answer' in outcome) return outcome.answer;
      throw this.#networkError(outcome.fault, outcome.cause);
    }
  }

  async #attempt(number: number): Promise<Answer> {
    const { signal } = this.#request;
    const { governor, clock, retry } = this.#options;
    const slot = await governor.acquire({ signal, front: number > 1 });
    const limit = { clock, ms: retry.attemptTimeout, reason: () => attemptTimedOut };
    const scope = openScope(signal, limit);
    const began = clock.now();
    try {
      const result = await observed(
        this.#options,
        this.#request,
        () => this.#exchange(scope),
        outcomeOf,
      );
      this.#elapsed += clock.now() - began;
      signal?.throwIfAborted();
      // Before the slot is released: otherwise the next request would exceed a limit that is known to be reached.
      if (result instanceof AttemptFailed) this.#decide(result.failure, number, slot);
      if (result instanceof Error) throw result;
      return result;
    } finally {
      scope.end();
      slot.release();
    }
  }

  async #exchange(scope: Scope): Promise<Answer | AttemptFailed | SynapseError> {
    try {
      // Called without a receiver: the fetch of a browser throws when it is called as a method of another object.
      const { fetch } = this.#options;
      const response = await fetch(this.#request.url, new SentRequest(this.#request, scope));
      const { status, headers } = response;
      // A browser hides the target of a redirect and reports the status 0.
      if (status < 200 || status > 599) throw new UnusableStatus(status);
      const text = await response.text();
      this.#answered.add(this.#host);
      // After a gateway timeout, it is not known whether the server handled the request.
      const mayHaveBeenApplied = this.#mayHaveBeenApplied;
      if (status === 502 || status === 504) this.#mayHaveBeenApplied = true;
      const retryAfter = parseRetryAfter(headers.get('retry-after'), this.#options.clock.epoch());
      const answer = { status, headers, text, retryAfter, mayHaveBeenApplied };
      return status < 400 ? answer : new AttemptFailed(failureOf(answer), { answer });
    } catch (cause) {
      // Already an error of this package: the environment names a proxy or a certificate that cannot be used.
      if (cause instanceof SynapseError) return cause;
      const fault = scope.reason === attemptTimedOut ? attemptTimedOut : classifyFault(cause);
      if (fault.sent === 'maybe') this.#mayHaveBeenApplied = true;
      return new AttemptFailed(fault, { fault, cause });
    }
  }

  #decide(failure: FailedAttempt, attempt: number, slot: Slot): void {
    const { governor, clock, retry } = this.#options;
    this.#decision = decideRetry(
      {
        attempt,
        elapsed: this.#elapsed,
        idempotency: this.#request.idempotency,
        failure,
        answeredBefore: this.#answered.has(this.#host),
        random: clock.random(),
      },
      retry,
    );
    if (failure.kind === 'answer' && failure.status === 429) {
      const { throttle = { kind: 'other' } } = failure;
      if (throttle.kind === 'operation') return;
      // The governor determines how long to wait for the two limits of the service.
      const pause = failure.retryAfter ?? (throttle.kind === 'other' ? this.#decision.delay : 0);
      // A longer pause is not applied to other requests: each would time out instead of reporting the limit.
      governor.throttled(slot, throttle, pause <= retry.maxElapsed ? pause : 0);
    }
  }

  #noteRetry(): void {
    const { delay, reason } = this.#decision;
    this.#elapsed += delay;
    if (delay < shortestNoticeMs) return;
    const message = `${reason} on ${this.#request.method} to ${this.#host}: trying again in ${Math.ceil(delay / 1000)} s`;
    this.#options.onWait?.({ kind: 'retry', waitMs: delay, message });
  }

  #networkError(fault: Fault, cause: unknown): Error {
    const message = describeFault(fault, this.#request);
    return fault === attemptTimedOut
      ? new TimeoutError(message, { cause })
      : new NetworkError(message, { cause, url: this.#request.url });
  }
}

/** A request for `fetch`. It is sent without the classes of the Web if they are not asked for. */
class SentRequest implements WireRequest {
  readonly method: string;
  readonly body: string | undefined;
  readonly light: LightRequest;
  readonly redirect = 'manual';
  readonly #scope: Scope;

  constructor({ method, headers, body }: OutgoingRequest, scope: Scope) {
    this.method = method;
    this.body = body;
    this.light = { headers, scope };
    this.#scope = scope;
  }

  get headers(): Headers {
    return new Headers(this.light.headers);
  }

  get signal(): AbortSignal {
    return this.#scope.signal;
  }
}

/** The hosts of the endpoints: parsing the URL of each request again takes as long as writing it. */
const hosts = new Map<string, string>();

function hostOf(url: string): string {
  const origin = url.slice(0, url.indexOf('/', 'https://'.length));
  let host = hosts.get(origin);
  if (host === undefined) {
    host = new URL(url).host;
    hosts.set(origin, host);
  }
  return host;
}

/** What is told about an attempt. */
function outcomeOf(result: Answer | Error): { status?: number; text?: string; error?: string } {
  if (!(result instanceof Error)) return result;
  if (!(result instanceof AttemptFailed)) return { error: result.message };
  return 'answer' in result.outcome ? result.outcome.answer : { error: result.message };
}

class UnusableStatus extends Error {
  readonly code: string;
  constructor(status: number) {
    super(`Status ${status}`);
    this.code = status === 0 ? 'REDIRECTED' : `STATUS_${status}`;
  }
}

function failureOf({ status, retryAfter, text }: Answer): FailedAttempt {
  return {
    kind: 'answer',
    status,
    retryAfter,
    explained: /^\s*\{[\s\S]*"reason"/.test(text),
    throttle: status === 429 ? readThrottle(text) : undefined,
  };
}
