import { describe, expect, test } from '@jest/globals';
import { guessContentType } from '../../src/transfer/contentType.js';
import { copyPartMd5 } from '../../src/storages/synapse/copyPart.js';
import { isPresignedExpired, presignedExpiry } from '../../src/storages/synapse/presignedUrl.js';

test.each([
  ['reads.csv.gz', 'text/csv'],
  ['reads.csv.GZ', 'application/gzip'],
  ['A.TGZ', 'application/x-tar'],
  ['molecule.mol', 'chemical/x-mdl-molfile'],
  ['peaks.bed', 'text/tab-separated-values'],
  ['notes.yml', 'application/octet-stream'],
  ['.csv', 'application/octet-stream'],
  ['a.bak', 'application/x-trash'],
])('the content type of %s is %s', async (name, type) => {
  expect(await guessContentType(name)).toBe(type);
});

describe('the expiry of a presigned URL', () => {
  const url = (date: string, expires: string) =>
    `https://s3.example.org/k?X-Amz-Date=${date}&X-Amz-Expires=${expires}`;

  test('is what it says even before it was made', () => {
    expect(presignedExpiry(url('20240229T235959Z', '-60'))).toEqual(
      new Date('2024-02-29T23:58:59Z'),
    );
  });

  test.each([
    url('20240230T000000Z', '5'),
    url('20240101T240000Z', '5'),
    url('20240101T000000Z', ''),
    url('20240101T000000Z', '5.5'),
    url('20240101T000000Z', '99999999999999'),
    'https://s3.example.org/k#?X-Amz-Date=20240101T000000Z&X-Amz-Expires=5',
  ])('is not known from %s', (text) => {
    expect(presignedExpiry(text)).toBeUndefined();
    expect(isPresignedExpired(text, new Date())).toBe(false);
  });
});

test('the MD5 of a copied part comes without any quotation marks', () => {
  expect(copyPartMd5('<ETag>&quot;ab&quot;</ETag><ETag>other</ETag>')).toBe('ab');
  expect(() => copyPartMd5('<ETag>a\nb</ETag>')).toThrow('did not return the MD5');
});
