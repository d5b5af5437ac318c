/** Words that MySQL's full-text index leaves out. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a about an are as at be by com de en for from how i in is it la of on or that the this to ' +
    'was what when where who will with und www'
  ).split(' '),
);

const termForm = /([+\-<>~]?)(?:"([^"]*)"|([\p{L}\p{N}_'*]+))/gu;

/**
 * Turns the text of `TEXT_MATCHES` into a query of SQLite's full-text index. Any of the words may
 * match; `+word` must match and `-word` must not, `"a phrase"` matches consecutive words, `word*`
 * matches a prefix.
 *
 * @returns `undefined` when there are no search terms
 */
export function searchExpression(search: string): string | undefined {
  const any: string[] = [];
  const must: string[] = [];
  const never: string[] = [];
  for (const [, sign, phrase, word] of search.matchAll(termForm)) {
    const term = phrase === undefined ? wordTerm(word ?? '') : phraseTerm(phrase);
    if (term !== undefined) {
      (sign === '+' ? must : sign === '-' ? never : any).push(term);
    }
  }
  const wanted = must.length > 0 ? must.join(' AND ') : any.join(' OR ');
  if (wanted === '') {
    return undefined;
  }
  return never.length === 0 ? wanted : `(${wanted}) NOT (${never.join(' OR ')})`;
}

function wordTerm(word: string): string | undefined {
  const prefix = word.endsWith('*') ? '*' : '';
  const text = word.replaceAll('*', '').toLowerCase();
  return text === '' || (prefix === '' && stopWords.has(text)) ? undefined : `"${text}"${prefix}`;
}

function phraseTerm(phrase: string): string | undefined {
  return /[\p{L}\p{N}]/u.test(phrase) ? `"${phrase}"` : undefined;
}
