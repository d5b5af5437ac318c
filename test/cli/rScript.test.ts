import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { isInstalled, withScripts } from '../helpers/withScripts.js';

const scripts = withScripts();
const report = join(import.meta.dirname, '../../examples/r/report.R');
const hasR = isInstalled('Rscript', ['-e', 'library(jsonlite)']);

if (!hasR) {
  test.skip('the R script runs (Rscript or its package jsonlite is missing)', () => undefined);
}

(hasR ? describe : describe.skip)('the R script', () => {
  test('reads a table and a file, and stores a file', async () => {
    const { project, file, table } = scripts.ids;
    const { status, stdout, stderr } = await scripts.run('Rscript', [report, project, file, table]);
    expect([status, stdout.split('\n')]).toEqual([
      0,
      [
        'JSON: 2 rows, a, name ',
        'CSV: 2 rows',
        'File: data.csv.gz version 1 has 2 lines',
        'Tissue: Größe 漢 liver ',
        expect.stringMatching(/^Stored: report\.csv version 1 as syn\d+ $/),
        '',
      ],
    ]);
    expect(stderr).not.toMatch(/error|warning/i);
    const id = /syn\d+/.exec(stdout)?.[0] ?? '';
    const stored = await scripts.syn.get(id, { downloadLocation: scripts.folder });
    expect(stored).toMatchObject({
      parentId: project,
      annotations: { kind: ['report'], rows: [2] },
    });
    expect(await text(await scripts.syn.download(id))).toBe(
      '"a","name"\n1,"Größe ""漢"", 😀"\n2,NA\n',
    );
    const activity = await scripts.syn.services.entity.getEntityActivity({ id });
    expect(activity.used).toHaveLength(2);
  });

  test('stops with the error of the command', async () => {
    const { project, file } = scripts.ids;
    const args = [report, project, file, 'syn999999999'];
    const { status, stdout, stderr } = await scripts.run('Rscript', args);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toContain('{"error":{"code":"');
    expect(stderr).toContain('synapse ended with status ');
  });
});
