import { NetworkError, SynapseError, TimeoutError } from '../errors.js';
import { attempt } from '../net/attempt.js';
import { openScope } from '../net/clock.js';
import { attemptTimedOut, classifyFault, describeFault } from '../net/faults.js';
import { decideRetry, describeFailure, parseRetryAfter } from './retryPolicy.js';
import type { Clock } from '../net/clock.js';
import type { Fault } from '../net/faults.js';
import { shortestNoticeMs } from './governor.js';
import type { Governor, Slot, WaitNotice } from './governor.js';
import { readThrottle } from './throttle.js';
import type { WireFetch, WireHeaders } from '../net/wireFetch.js';
import type { FailedAttempt, Idempotency, RetryDecision, RetryOptions } from './retryPolicy.js';

export interface SenderOptions {
  fetch: WireFetch;
  governor: Governor;
  retry: RetryOptions;
  clock: Clock;
  onWait?: ((notice: WaitNotice) => void) | undefined;
}

export interface OutgoingRequest {
  method: string;
  url: string;
  headers: Headers;
  body?: string | undefined;
  idempotency: Idempotency;
  signal?: AbortSignal | undefined;
  /** Milliseconds for everything: turns, attempts and pauses. */
  timeout?: number | undefined;
}

/** The last answer that came, whatever its status; its body is read already. */
export interface Answer {
  status: number;
  headers: WireHeaders;
  text: string;
  /** Milliseconds that the server asked to wait. */
  retryAfter: number | undefined;
  /** An earlier attempt ended without an answer, after the request may have left. */
  mayHaveBeenApplied: boolean;
}

/** Sends a request until it has an answer that counts. */
export type Send = (request: OutgoingRequest) => Promise<Answer>;

/** What is thrown for an attempt that may be followed by another one. */
class AttemptFailed extends Error {
  constructor(
    readonly failure: FailedAttempt,
    readonly outcome: { answer: Answer } | { fault: Fault; cause: unknown },
  ) {
    super(describeFailure(failure));
  }
}

/**
 * The one place that sends: every request of a client goes through here, at the pace of its governor, again and again as
 * the retry policy has it. An answer is read whole before its slot is given back, so that a connection that breaks in the
 * middle of a body is a failed attempt like any other.
 */
export function createSender(options: SenderOptions): Send {
  /** Hosts that have answered: a name that has worked is not misspelt. */
  const answered = new Set<string>();
  return async (request) => {
    const { signal, timeout } = request;
    if (timeout === undefined) return new Call(options, request, answered).run();
    const scope = openScope(signal, deadline(options.clock, request, timeout));
    try {
      return await new Call(options, { ...request, signal: scope.signal }, answered).run();
    } finally {
      scope.end();
    }
  };
}

function deadline(clock: Clock, { method, url }: OutgoingRequest, ms: number) {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const message = `${method} to ${host} was not done within ${ms / 1000} s. Allow it more time, or try again later.`;
  return { clock, ms, reason: () => new TimeoutError(message) };
}

const final: RetryDecision = { retry: false, delay: 0, reason: 'it will not go away by itself' };

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
    this.#host = new URL(request.url).host;
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
      const result = await this.#exchange(scope.signal);
      this.#elapsed += clock.now() - began;
      signal?.throwIfAborted();
      // Before the slot is free: or the next request would start into a limit that is known to be reached.
      if (result instanceof AttemptFailed) this.#decide(result.failure, number, slot);
      if (result instanceof Error) throw result;
      return result;
    } finally {
      scope.end();
      slot.release();
    }
  }

  async #exchange(signal: AbortSignal): Promise<Answer | AttemptFailed | SynapseError> {
    try {
      const answer = await this.#fetch(signal);
      if (answer.status < 400) return answer;
      // A gateway that gave up does not know what became of the request behind it.
      if (answer.status === 502 || answer.status === 504) this.#mayHaveBeenApplied = true;
      return new AttemptFailed(failureOf(answer), { answer });
    } catch (cause) {
      // Ours already: the environment names a proxy or a certificate that cannot be used.
      if (cause instanceof SynapseError) return cause;
      const fault = signal.reason === attemptTimedOut ? attemptTimedOut : classifyFault(cause);
      if (fault.sent === 'maybe') this.#mayHaveBeenApplied = true;
      return new AttemptFailed(fault, { fault, cause });
    }
  }

  async #fetch(signal: AbortSignal): Promise<Answer> {
    const { method, url, headers, body } = this.#request;
    // Called by itself: a browser's fetch refuses to be a method of something else.
    const { fetch, clock } = this.#options;
    const response = await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
    // A browser hides where a redirect points to, and says 0.
    if (response.status < 200 || response.status > 599) throw new UnusableStatus(response.status);
    const text = await response.text();
    this.#answered.add(this.#host);
    return {
      status: response.status,
      headers: response.headers,
      text,
      retryAfter: parseRetryAfter(response.headers.get('retry-after'), clock.epoch()),
      mayHaveBeenApplied: this.#mayHaveBeenApplied,
    };
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
      // The governor knows by itself how long to wait for the two limits of the service.
      const pause = failure.retryAfter ?? (throttle.kind === 'other' ? this.#decision.delay : 0);
      // A pause that no call can wait for would only hide that the limit is reached.
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
      : new NetworkError(message, { cause });
  }
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
