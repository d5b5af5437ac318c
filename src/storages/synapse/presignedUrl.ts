/** Milliseconds. A URL that expires sooner is not used, because the request takes some time. */
const slackMs = 5000;

/**
 * Reads the expiration time of a presigned S3 URL; `undefined` when the URL has none.
 *
 * This is only a hint that avoids a refused request. URLs are opaque: those of other stores do not contain
 * a time, and a store may refuse a URL early.
 */
export function presignedExpiry(url: string): Date | undefined {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(url) ?? [];
  const values = new URLSearchParams(query);
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/i.exec(values.get('X-Amz-Date') ?? '') ?? [];
  const seconds = /^\s*-?\d+\s*$/.exec(values.get('X-Amz-Expires') ?? '')?.[0];
  if (year === undefined || seconds === undefined) return undefined;
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const from = new Date(text);
  // Date parses 30 February and 24:00 as other times.
  if (Number.isNaN(from.getTime()) || from.toISOString() !== text) return undefined;
  const expiry = new Date(from.getTime() + Number(seconds) * 1000);
  return Number.isNaN(expiry.getTime()) ? undefined : expiry;
}

/** The time until which a presigned URL may be used, in milliseconds since 1970; infinity when the URL has no time. */
export function usableUntil(url: string): number {
  const expiry = presignedExpiry(url);
  return expiry === undefined ? Number.POSITIVE_INFINITY : expiry.getTime() - slackMs;
}

/** Whether a presigned URL has expired or expires within 5 seconds. */
export function isPresignedExpired(url: string, now: Date): boolean {
  return usableUntil(url) <= now.getTime();
}
