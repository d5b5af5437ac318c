import { note, ok, problem, skipped, type Check, type Finding } from './check.js';
import type { ServerReading } from './readServer.js';

/** Whether the clock of this machine agrees with that of Synapse. */
export const clock: Check = {
  name: 'clock',
  title: 'Clock',
  timeout: 20_000,
  run: async (subject) => [clockFinding(await subject.server())],
};

/** Signed requests are refused when the clock is off by more than some minutes. */
const wrong = 5 * 60_000;
const inexact = 60_000;

export function clockFinding(reading: ServerReading): Finding {
  if (reading.kind !== 'answer') return skipped('Not compared, because the server did not answer.');
  if (reading.serverTime === undefined) return skipped('The server did not send the time.');
  // The header has no fractions of a second, and was written when the request was half done.
  const offset = reading.localTime - reading.firstMs / 2 - (reading.serverTime + 500);
  const details = { offsetSeconds: Math.round(offset / 1000) };
  if (Math.abs(offset) < inexact) return ok('It agrees with that of Synapse.', details);
  const message = `The clock of this machine is ${durationText(Math.abs(offset))} ${offset < 0 ? 'behind' : 'ahead of'} that of Synapse.`;
  const advice =
    'Set the clock, and turn on its synchronization (NTP): signed addresses of files and logins fail when it is wrong.';
  return Math.abs(offset) > wrong
    ? problem(message, advice, details)
    : note(message, advice, details);
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function durationText(ms: number): string {
  const [name, length] = units.find(([, one]) => ms >= one) ?? ['second', 1000];
  const count = Math.round(ms / length);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
