/** An attribute is left out where its value is null. */
export interface XmlElement {
  name: string;
  attributes?: Readonly<Record<string, string | null>>;
  /** Elements, or text. */
  content?: readonly XmlElement[] | string;
}

/** What XML 1.0 allows in a document, even escaped: the rest is left out, as there is no way to write it. */
const FORBIDDEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const NAMES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A document of one element, in UTF-8, with a line for each element and a line break at the end. */
export function formatXml(root: XmlElement): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  pushElement(root, lines, '');
  return `${lines.join('\n')}\n`;
}

function pushElement({ name, attributes = {}, content = [] }: XmlElement, lines: string[], indent: string) {
  const fields = Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [` ${key}="${escapeAttribute(value)}"`],
  );
  const open = `${indent}<${name}${fields.join('')}`;
  if (content.length === 0) lines.push(`${open}/>`);
  else if (typeof content === 'string') lines.push(`${open}>${escapeText(content)}</${name}>`);
  else {
    lines.push(`${open}>`);
    for (const child of content) pushElement(child, lines, `${indent}  `);
    lines.push(`${indent}</${name}>`);
  }
}

/** A reader makes spaces of line breaks and tabs that stand for themselves, and drops a carriage return. */
function escapeAttribute(text: string): string {
  return escapeText(text).replace(/[\t\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escapeText(text: string): string {
  return text
    .replace(FORBIDDEN, '')
    .replace(/[&<>"]/g, (character) => NAMES[character] ?? character)
    .replaceAll('\r', '&#13;');
}
