import { redactText } from '../redact.js';
import { escapedJson } from './printable.js';
import { writeCollected } from './standardStreams.js';

/** Writes an event or an error to stderr as one line of JSON, without secrets. */
export function printEvent(event: object): void {
  writeCollected();
  process.stderr.write(`${eventLine(event)}\n`);
}

/** One line of JSON. Paths are not searched for secrets: programs use them. */
export function eventLine(event: object): string {
  const redacted = JSON.stringify(event, (key, value: unknown) =>
    typeof value === 'string' && key !== 'path' ? redactText(value) : value,
  );
  return escapedJson(redacted);
}
