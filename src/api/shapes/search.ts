import { count, listOf, members, text, type Shape } from '../shape.js';

export const searchShapes: readonly (readonly [string, Shape])[] = [
  [
    'search.searchEntities',
    members({}, { found: count, start: count, hits: listOf(members({ id: text })) }),
  ],
  ['search.suggestSearchTerms', members({ suggestions: listOf(members({ key: text })) })],
];
