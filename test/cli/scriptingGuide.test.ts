import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { markdownExamples } from '../helpers/examples.js';
import { isInstalled, withScripts } from '../helpers/withScripts.js';

/** Every block of docs/guides/scripting.md runs, in its language. */
const scripts = withScripts();

const languages = [
  { language: 'sh', command: 'sh', args: ['-e'], isThere: isInstalled('sh', ['-c', 'true']) },
  { language: 'python', command: 'python3', args: [], isThere: isInstalled('python3') },
  {
    language: 'r',
    command: 'Rscript',
    args: [],
    isThere: isInstalled('Rscript', ['-e', 'library(jsonlite)']),
  },
];

describe.each(languages)(
  'the guide to scripts, $language (skipped where it is missing)',
  (each) => {
    const { language, command, args, isThere } = each;
    const blocks = markdownExamples('docs/guides/scripting.md', language);

    test('has examples', () => expect(blocks.length).toBeGreaterThan(0));

    (isThere ? test : test.skip).each(blocks)('$place runs', async ({ place, text }) => {
      const { project, file, table } = scripts.ids;
      const program = join(scripts.folder, place.replace(/\W/g, '-'));
      await writeFile(
        program,
        text.replaceAll('syn123', project).replaceAll('syn456', file).replaceAll('syn789', table),
      );
      const { status, stdout, stderr } = await scripts.run(command, [...args, program]);
      expect({ status, stderr, place }).toEqual({
        status: 0,
        stderr: expect.not.stringMatching(/^synapse|"error"|Traceback|^Error/m),
        place,
      });
      expect(stdout).not.toBe('');
    });
  },
);
