import { writeFileSync } from 'node:fs';

// Loaded into a command by `--import`: says in the end how much memory it took at most, in MiB.
process.on('exit', () => {
  const peak = process.resourceUsage().maxRSS / 1024;
  writeFileSync(process.env['TEST_PEAK_MEMORY'], String(peak));
});
