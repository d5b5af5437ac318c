/** Joins many terms as a shallow tree: SQLite limits the depth of expressions to 1000. */
export function balanced(terms: readonly string[], operator: string): string {
  if (terms.length <= 8) {
    return `(${terms.join(operator)})`;
  }
  const middle = terms.length >> 1;
  const left = balanced(terms.slice(0, middle), operator);
  return `(${left}${operator}${balanced(terms.slice(middle), operator)})`;
}
