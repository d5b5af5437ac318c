import type { RequestNotice } from '../../index.js';

/** A request as `--debug` prints it: a line, and the bodies below it. */
export function requestText(notice: RequestNotice): string {
  const { method, url, status, error, durationMs, sent, received } = notice;
  return [
    `${method} ${url} -> ${status ?? error ?? 'no response'} (${durationMs} ms)`,
    ...(sent === undefined ? [] : [`  sent: ${sent}`]),
    ...(received === undefined ? [] : [`  received: ${received}`]),
  ].join('\n');
}
