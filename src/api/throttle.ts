/** The limit that a 429 reports. The service has two limits for each user, with a different error text for each. */
export type Throttle =
  | {
      kind: 'concurrency';
      /** Concurrent requests that one machine of the service serves. */
      allowed: number;
    }
  | {
      kind: 'frequency';
      /** Requests that one machine of the service serves in a window. */
      allowed: number;
      windowMs: number;
    }
  /** A limit of one operation, such as messages in a minute: other requests need not wait. */
  | { kind: 'operation' }
  /** A limit of a proxy, or of a later service. */
  | { kind: 'other' };

const longestReason = 500;
const concurrency = /Too many concurrent requests\. Allowed (\d{1,9}) concurrent connections/;
const messages = /You may send a maximum of \d{1,9} message/;
const frequency = /Requests are too frequent\. Allowed (\d{1,9}) requests every (\d{1,9}) seconds/;

/** Reads the body of a 429. */
export function readThrottle(body: string): Throttle {
  const text = body.slice(0, longestReason);
  if (messages.test(text)) return { kind: 'operation' };
  const [, places] = concurrency.exec(text) ?? [];
  if (places !== undefined) return { kind: 'concurrency', allowed: Math.max(1, Number(places)) };
  const [, requests, seconds] = frequency.exec(text) ?? [];
  if (requests === undefined) return { kind: 'other' };
  return {
    kind: 'frequency',
    allowed: Math.max(1, Number(requests)),
    windowMs: Math.max(1, Number(seconds)) * 1000,
  };
}
