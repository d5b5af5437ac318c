const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text made safe for an XML element; characters that XML cannot hold at all are dropped. */
function escapeText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The content of an element: text, or elements in order; a list repeats the element. */
export type XmlContent = string | number | boolean | XmlFields | readonly XmlFields[];

/** Elements by name; `undefined` omits an element. */
export interface XmlFields {
  readonly [name: string]: XmlContent | undefined;
}

function renderElement(name: string, content: XmlContent | undefined): string {
  if (content === undefined) return '';
  if (isList(content)) return content.map((item) => renderElement(name, item)).join('');
  const inner = typeof content === 'object' ? renderFields(content) : escapeText(String(content));
  return `<${name}>${inner}</${name}>`;
}

function isList(content: XmlContent): content is readonly XmlFields[] {
  return Array.isArray(content);
}

function renderFields(fields: XmlFields): string {
  return Object.entries(fields)
    .map(([name, content]) => renderElement(name, content))
    .join('');
}

/** Creates an XML document with one root element. */
export function renderXml(
  root: string,
  fields: XmlFields,
  options: { xmlns?: string } = {},
): string {
  const namespace = options.xmlns === undefined ? '' : ` xmlns="${options.xmlns}"`;
  const header = '<?xml version="1.0" encoding="UTF-8"?>\n';
  return `${header}<${root}${namespace}>${renderFields(fields)}</${root}>`;
}

/** Decodes the text of an XML element. */
function unescapeText(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|lt|gt|amp|quot|apos);/gi, (whole, entity: string) => {
    if (entity.startsWith('#')) {
      const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    }
    const found = Object.entries(escapes).find(([, escaped]) => escaped === `&${entity};`);
    return found?.[0] ?? whole;
  });
}

/**
 * The contents of every element of that name, in document order. Enough for the small flat documents
 * that S3 clients send (`CompleteMultipartUpload`, `Delete`), where elements of one name do not nest.
 */
export function xmlElements(document: string, name: string): string[] {
  const open = new RegExp(`<((?:\\w+:)?${name})(?:\\s[^<>]*)?>`, 'g');
  const found: string[] = [];
  for (let match = open.exec(document); match; match = open.exec(document)) {
    const close = document.indexOf(`</${match[1] ?? name}>`, open.lastIndex);
    if (close < 0) break;
    found.push(document.slice(open.lastIndex, close));
    open.lastIndex = close;
  }
  return found;
}

/** Text of the first element of that name, or `undefined` when there is none. */
export function xmlText(document: string, name: string): string | undefined {
  const [first] = xmlElements(document, name);
  return first === undefined ? undefined : unescapeText(first.trim());
}
