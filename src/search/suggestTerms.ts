import type { CallOptions } from '../../generated/services.js';
import type { Context } from '../context.js';
import { ArgumentError } from '../errors.js';

/** How {@link Synapse.searchSuggestions} finds words. */
export interface SuggestionOptions extends CallOptions {
  /** Letters that may differ: 0, 1 or 2. @default 2 */
  maxEdits?: number;
  /** Words for each word, at most 100. @default 5 */
  limit?: number;
  /** Whether the most similar or the most frequent words come first. @default 'score' */
  sort?: 'frequency' | 'score';
}

/** Words that are similar to a word of a search. */
export interface SearchSuggestion {
  word: string;
  /** Best first. */
  similar: { word: string; frequency: number; score: number }[];
}

/** Implements {@link Synapse.searchSuggestions}. */
export async function suggestTerms(
  ctx: Context,
  text: string,
  { maxEdits = 2, limit = 5, sort = 'score', ...options }: SuggestionOptions = {},
): Promise<SearchSuggestion[]> {
  const searchTerm = text.split(/\s+/).filter((word) => word !== '');
  if (searchTerm.length === 0) throw new ArgumentError('Give words to find similar ones for.');
  const body = {
    searchTerm,
    maxEdit: maxEdits,
    size: limit,
    sort: sort === 'score' ? 'SCORE' : 'FREQUENCY',
  } as const;
  const { suggestions } = await ctx.services.search.suggestSearchTerms({ body }, options);
  return suggestions.map(({ key = '', values = [] }) => ({
    word: key,
    similar: values.map(({ term = '', frequency = 0, score = 0 }) => {
      return { word: term, frequency, score };
    }),
  }));
}
