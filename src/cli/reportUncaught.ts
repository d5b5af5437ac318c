import { describeError } from './describeError.js';
import { impliesJson } from './output/impliesJson.js';
import { printEvent } from './printEvent.js';
import { printNote } from './printNote.js';

/** Reports an error that no command has reported, and sets the exit status. */
export function reportUncaught(error: unknown, argv: readonly string[]): void {
  const { message, exitCode, json } = describeError(error);
  if (impliesJson(argv)) printEvent(json);
  else printNote(`synapse: ${message}`);
  process.exitCode = exitCode;
}
