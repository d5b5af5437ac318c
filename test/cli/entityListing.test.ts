import { expect, test } from '@jest/globals';
import { EntityListing, type ListedRow } from '../../src/cli/entityListing.js';

const userNames = new Map([
  ['1', 'ann'],
  ['2', '王小明'],
  ['3', 'somebody-with-a-very-long-name'],
]);

function row(id: string, name: string, more: Partial<ListedRow['header']> = {}): ListedRow {
  const header = {
    id,
    name,
    type: 'org.sagebionetworks.repo.model.Folder',
    versionNumber: 1,
    createdBy: '1',
    createdOn: '2026-01-02T03:04:05.678Z',
    modifiedBy: '2',
    modifiedOn: '2026-02-03T04:05:06.789Z',
    ...more,
  };
  return { header: header, depth: 0, isContainer: false };
}

test('columns are aligned by the width of their text on a terminal', () => {
  const listing = new EntityListing({ long: true, isTable: true, modified: true, userNames });
  const file = 'org.sagebionetworks.repo.model.FileEntity';
  const view = 'org.sagebionetworks.repo.model.table.EntityView';
  expect(
    listing.lines([
      { ...row('syn1', '原始数据', { createdBy: '2' }), isContainer: true },
      { ...row('syn22', 'a.csv', { type: file, versionNumber: 12 }), contentSize: 0, depth: 1 },
      row('syn3', 'view', { type: view, modifiedBy: '3', createdBy: '99' }),
    ]),
  ).toEqual([
    'ID     VERSION  TYPE        SIZE  CREATED BY  CREATED           MODIFIED BY         MODIFIED          NAME',
    'syn1         1  folder            王小明      2026-01-02 03:04  王小明              2026-02-03 04:05  原始数据/',
    'syn22       12  file         0 B  ann         2026-01-02 03:04  王小明              2026-02-03 04:05    a.csv',
    'syn3         1  entityview        99          2026-01-02 03:04  somebody-with-a-ve  2026-02-03 04:05  view',
  ]);
});

test('the header comes once, and later rows can widen a column', () => {
  const listing = new EntityListing({ long: true, isTable: true, modified: false, userNames });
  const [header] = listing.lines([row('syn1', 'a')]);
  const [wide, ...more] = listing.lines([row('syn123456', 'b')]);
  const [narrow] = listing.lines([row('syn1', 'c')]);
  expect(more).toEqual([]);
  expect(header).toMatch(/^ID {4}VERSION/);
  expect(wide).toMatch(/^syn123456 {8}1 {2}folder/);
  expect(narrow).toMatch(/^syn1 {13}1 {2}folder/);
});

test('without --long there is no header', () => {
  const rows = [
    { ...row('syn1', 'a'), isContainer: true },
    { ...row('syn2', 'b'), depth: 1 },
  ];
  const plain = new EntityListing({ long: false, modified: false, userNames });
  expect(plain.lines(rows)).toEqual(['syn1  a/', 'syn2    b']);
  const modified = new EntityListing({ long: false, modified: true, userNames });
  expect(modified.lines([row('syn1', 'a', { modifiedBy: '1' })])).toEqual([
    'syn1                 ann 2026-02-03 04:05  a',
  ]);
});
