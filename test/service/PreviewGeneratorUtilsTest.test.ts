import { describe, expect, test } from '@jest/globals';

import { withSessions } from '../server/entitySession.js';
import { getsPreview } from './previewFiles.js';

const server = withSessions();
const contentType = 'application/vnd.ms-excel';

describe('PreviewGeneratorUtilsTest', () => {
  test.each(['.csv', 'csv', 'csv.', 'a.csv.txt'])(
    'testFindExtension: %s does not end with the extension of a table',
    async (fileName) => {
      expect(await getsPreview(server.alice, Buffer.from('a,b'), { contentType, fileName })).toBe(
        false,
      );
    },
  );

  test.each(['x.csv', 'x.tsv.CSV', '.x.csv'])(
    'testFindExtension: %s ends with the extension of a table',
    async (fileName) => {
      expect(await getsPreview(server.alice, Buffer.from('a,b'), { contentType, fileName })).toBe(
        true,
      );
    },
  );
});
