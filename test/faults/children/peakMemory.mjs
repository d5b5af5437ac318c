import { readFileSync, writeFileSync } from 'node:fs';

// Loaded into a command by `--import`: says in the end how much memory it took at most, in MiB.
process.on('exit', () => writeFileSync(process.env['TEST_PEAK_MEMORY'], String(peak() / 1024)));

/** On Linux `maxRSS` may be that of the process that started this one. */
function peak() {
  try {
    return Number(/VmHWM:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}
