/** Text of a CSV file as the server writes it, from text without quotes: `a,,1` is `"a",,"1"`. */
export function quotedCsv(plain: string): string {
  return plain.replace(/[^,\t\r\n]+/g, '"$&"');
}
