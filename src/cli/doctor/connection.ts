import { describeFault, isTlsCode } from '../../net/faults.js';
import { note, ok, problem, type Check, type Finding } from './check.js';
import type { ServerReading } from './readServer.js';

/** Whether the server answers, and how fast. */
export const connection: Check = {
  name: 'connection',
  title: 'Connection',
  timeout: 20_000,
  run: async (subject) => [connectionFinding(await subject.server())],
};

/** Milliseconds of an answer on an open connection. */
const slow = 2000;

export function connectionFinding(reading: ServerReading): Finding {
  if (reading.kind === 'unusable') return problem(reading.reason, 'No request can be sent before.');
  const host = new URL(reading.url).host;
  if (reading.kind === 'fault') {
    const { fault, url } = reading;
    const [what, advice] = split(describeFault(fault, { method: 'GET', url, idempotency: 'read' }));
    const isTime = /NOT_YET_VALID|HAS_EXPIRED/.test(fault.code) && isTlsCode(fault.code);
    const clock = 'Compare the clock of this machine with the right time. ';
    return problem(what, `${isTime ? clock : ''}${advice}`, { code: fault.code });
  }
  const { status, version, firstMs, location } = reading;
  const nextMs = reading.nextMs ?? firstMs;
  const details = { status, firstMs: Math.round(firstMs), nextMs: Math.round(nextMs), version };
  if (version === undefined) {
    return location === undefined && status >= 500
      ? problem(
          `${host} answers with status ${status}.`,
          'Synapse may be down for maintenance: see https://status.synapse.org, and try again later.',
          details,
        )
      : problem(
          `What answers at ${host} is not Synapse (status ${status}).`,
          'Check the endpoint. A network with a sign-in page answers like this before you sign in: open a web site in your browser.',
          details,
        );
  }
  const message = `Synapse ${version} at ${host} answers in ${Math.round(nextMs)} ms, the first time in ${Math.round(firstMs)} ms.`;
  return nextMs > slow
    ? note(message, 'That is slow: transfers of many small files will take long.', details)
    : ok(message, details);
}

/** The first sentence, and the advice after it. */
function split(text: string): [string, string] {
  const end = text.indexOf('. ');
  return end < 0 ? [text, 'Try again later.'] : [text.slice(0, end + 1), text.slice(end + 2)];
}
