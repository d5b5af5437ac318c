// Collects lines of both streams, and ends as its argument says.
import { printNote } from '../../src/cli/printNote.js';
import { collectLines, watchStandardStreams } from '../../src/cli/standardStreams.js';

watchStandardStreams();
collectLines(process.stdout);
console.log('one');
collectLines(process.stdout);
console.log('two');
const ends: Readonly<Record<string, () => void>> = {
  returns: () => undefined,
  exits: () => process.exit(3),
  throws: () => {
    throw new Error('It throws.');
  },
  notes: () => {
    // Both streams are one here, so that their order shows.
    process.stderr.write = (text: string) => process.stdout.write(text);
    printNote('a note');
    console.log('three');
  },
};
ends[process.argv[2] ?? '']?.();
