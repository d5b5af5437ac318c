/** A URL about to expire is as good as expired: the request still has to get there. */
const slackMs = 5000;

/**
 * When a presigned URL of S3 says it expires; `undefined` when it does not say.
 *
 * Only a hint that saves a refused request. URLs are opaque: those of other stores say nothing of
 * the kind, and a store may refuse one early.
 */
export function presignedExpiry(url: string): Date | undefined {
  const query = URL.canParse(url) ? new URL(url).searchParams : undefined;
  const date = query?.get('X-Amz-Date') ?? '';
  const seconds = Number(query?.get('X-Amz-Expires') ?? Number.NaN);
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  if (year === undefined || !Number.isFinite(seconds)) return undefined;
  const from = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(from) ? undefined : new Date(from + seconds * 1000);
}

/** Whether a presigned URL says that it has expired, or will within 5 seconds. */
export function isPresignedExpired(url: string, now: Date): boolean {
  const expiry = presignedExpiry(url);
  return expiry !== undefined && expiry.getTime() - slackMs <= now.getTime();
}
