import { expect, test } from '@jest/globals';
import { legacyViewTypeMask, viewTypeMask, viewTypesOf } from '../../src/columns/viewTypes.js';

test('types have the names of the API and of the Python client, in any case', () => {
  expect(viewTypeMask(['file', 'folder'])).toBe(9);
  expect(viewTypeMask(['FILE', 'SUBMISSION_VIEW', 'DATASET_COLLECTION'])).toBe(0x141);
  expect(viewTypeMask(['view', 'entityview', 'EntityView', 'VIEW'])).toBe(0x10);
  expect(viewTypeMask(['dockerrepo', 'docker', 'DOCKER'])).toBe(0x20);
  expect(viewTypeMask(['materialized_view', 'table', 'project'])).toBe(0x206);
});

test('a mask has the names of its types', () => {
  expect(viewTypesOf(0x3ff)).toHaveLength(10);
  expect(viewTypesOf(0x9)).toEqual(['file', 'folder']);
  expect(viewTypesOf(0)).toEqual([]);
});

test.each(['files', '', 'constructor', '__proto__', 'file_and_table'])(
  'the type %j is an error',
  (type) => {
    expect(() => viewTypeMask([type])).toThrow('The types are: file, project');
  },
);

test('without any type it is an error', () => {
  expect(() => viewTypeMask([])).toThrow('at least one type');
  expect(() => legacyViewTypeMask('toString')).toThrow('is not the type of a view');
});
