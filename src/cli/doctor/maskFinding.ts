import { redactText } from '../../redact.js';
import type { Finding } from './check.js';

/** Removes secrets that are in an address, or in what a server or the system said. */
export function maskFinding(finding: Finding): Finding {
  const { message, advice, details } = finding;
  const masked = Object.entries(details ?? {}).map(
    ([name, value]) => [name, typeof value === 'string' ? redactText(value) : value] as const,
  );
  return {
    ...finding,
    message: redactText(message),
    ...(advice !== undefined && { advice: redactText(advice) }),
    ...(details !== undefined && { details: Object.fromEntries(masked) }),
  };
}
