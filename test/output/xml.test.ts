import { expect, test } from 'vitest';
import { formatXml } from '../../src/output/xml.ts';

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';

test.each([
  [{ name: 'a' }, '<a/>\n'],
  [{ name: 'a', content: '' }, '<a/>\n'],
  [{ name: 'a', attributes: { b: 'c', d: null } }, '<a b="c"/>\n'],
  [{ name: 'a', content: [{ name: 'b', content: 'x' }, { name: 'c' }] }, '<a>\n  <b>x</b>\n  <c/>\n</a>\n'],
  [{ name: 'a', content: `<&>"'` }, `<a>&lt;&amp;&gt;&quot;'</a>\n`],
  [{ name: 'a', content: ']]>' }, '<a>]]&gt;</a>\n'],
  [{ name: 'a', content: 'x\ty\r\nz' }, '<a>x\ty&#13;\nz</a>\n'],
  [{ name: 'a', attributes: { b: 'x\ty\r\nz"' } }, '<a b="x&#9;y&#13;&#10;z&quot;"/>\n'],
  [{ name: 'a', content: '\0\x01\x08\x0b\x0c\x1b[31m\x1f\ufffe\uffff' }, '<a>[31m</a>\n'],
  [{ name: 'a', content: 'é\u{1f600}\ud800x\udc00' }, '<a>é\u{1f600}x</a>\n'],
])('%j', (element, expected) => expect(formatXml(element)).toBe(`${PROLOGUE}${expected}`));
