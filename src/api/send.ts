import pRetry from 'p-retry';
import { NetworkError, SynapseError, TimeoutError } from '../errors.js';
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

/** What p-retry is thrown for an attempt that failed. */
class AttemptFailed extends Error {
  constructor(
    readonly failure: FailedAttempt,
    readonly outcome: { answer: Answer } | { fault: Fault; cause: unknown },
  ) {
    super(describeFailure(failure));
  }
}

type Attempt = { answer: Answer } | { stopped: unknown };

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
    if (timeout === undefined) return answerOf(new Call(options, request, answered));
    const scope = openScope(signal, deadline(options.clock, request, timeout));
    try {
      return await answerOf(new Call(options, { ...request, signal: scope.signal }, answered));
    } finally {
      scope.end();
    }
  };
}

async function answerOf(call: Call): Promise<Answer> {
  const attempt = await call.run();
  if ('stopped' in attempt) throw attempt.stopped;
  return attempt.answer;
}

function deadline(clock: Clock, { method, url }: OutgoingRequest, ms: number) {
  const host = URL.canParse(url) ? new URL(url).host : url;
  const message = `${method} to ${host} was not done within ${ms / 1000} s. Allow it more time, or try again later.`;
  return { clock, ms, reason: () => new TimeoutError(message) };
}

/** One call with all its attempts. */
class Call {
  readonly #options: SenderOptions;
  readonly #request: OutgoingRequest;
  readonly #answered: Set<string>;
  readonly #host: string;
  #elapsed = 0;
  #mayHaveBeenApplied = false;
  #decision: RetryDecision = { retry: false, delay: 0, reason: 'nothing failed' };

  constructor(options: SenderOptions, request: OutgoingRequest, answered: Set<string>) {
    this.#options = options;
    this.#request = request;
    this.#answered = answered;
    this.#host = new URL(request.url).host;
  }

  async run(): Promise<Attempt> {
    try {
      // Most calls need no more than this, and p-retry costs as much time as openapi-fetch.
      return await this.#attempt(1);
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      await this.#pause();
      return this.#decision.retry ? this.#retry() : this.#outcome(error);
    }
  }

  async #retry(): Promise<Attempt> {
    try {
      return await pRetry((retry) => this.#attempt(retry + 1), {
        // How often and how long is the policy's to say: p-retry itself neither counts nor waits.
        retries: Infinity,
        minTimeout: 0,
        onFailedAttempt: () => this.#pause(),
        shouldRetry: () => this.#decision.retry,
      });
    } catch (error) {
      if (!(error instanceof AttemptFailed)) throw error;
      return this.#outcome(error);
    }
  }

  #outcome({ outcome }: AttemptFailed): Attempt {
    if ('answer' in outcome) return { answer: outcome.answer };
    throw this.#networkError(outcome.fault, outcome.cause);
  }

  /** What stops the call is returned: p-retry would wrap a reason that is no Error. */
  async #attempt(number: number): Promise<Attempt> {
    const { signal } = this.#request;
    const { governor, clock, retry } = this.#options;
    let slot: Slot;
    try {
      slot = await governor.acquire({ signal, front: number > 1 });
    } catch {
      return { stopped: signal?.reason };
    }
    const limit = { clock, ms: retry.attemptTimeout, reason: () => attemptTimedOut };
    const scope = openScope(signal, limit);
    const began = clock.now();
    try {
      const result = await this.#exchange(scope.signal);
      this.#elapsed += clock.now() - began;
      if (signal?.aborted) return { stopped: signal.reason };
      if (result instanceof SynapseError) return { stopped: result };
      if (!(result instanceof AttemptFailed)) return { answer: result };
      // Before the slot is free: or the next request would start into a limit that is known to be reached.
      this.#decide(result.failure, number, slot);
      throw result;
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

  /** A rejection of this ends the call with exactly that reason. */
  async #pause(): Promise<void> {
    const { retry, delay, reason } = this.#decision;
    if (!retry) return;
    const { clock, onWait } = this.#options;
    const { method, signal } = this.#request;
    if (delay >= shortestNoticeMs) {
      const message = `${reason} on ${method} to ${this.#host}: trying again in ${Math.ceil(delay / 1000)} s`;
      onWait?.({ kind: 'retry', waitMs: delay, message });
    }
    await clock.sleep(delay, signal);
    this.#elapsed += delay;
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
