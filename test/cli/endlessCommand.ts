// A command that does not end when it is aborted.
import { setInterval } from 'node:timers';
import { endOnSignal } from '../../src/cli/endOnSignal.js';

setInterval(() => undefined, 1000);
endOnSignal({
  abort: () => process.stdout.write('aborted\n'),
  beforeEnd: () => process.stdout.write('ends\n'),
});
process.stdout.write('ready\n');
