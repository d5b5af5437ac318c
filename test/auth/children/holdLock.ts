// Takes the lock of a file, says so, and never gives it back.
import { withFileLock } from '../../../src/files/fileLock.js';

await withFileLock(process.argv[2] ?? '', async () => {
  process.stdout.write('held\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
