import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { createErrorReport, createOutcomeReport } from '../../src/cli/create-report.ts';
import { LuauExecError } from '../../src/errors.ts';
import { jsonRenderer } from '../../src/output/json.ts';
import { createRedactor, createSink } from '../../src/output/redact.ts';
import type { RenderOptions } from '../../src/output/renderer.ts';
import { plainStyle } from '../../src/output/style.ts';
import { MemoryStream } from '../output/memory-stream.ts';
import { createOutcome, createTaskFields } from '../output/outcomes.ts';
import { checkProperty } from './check-property.ts';
import { anyApiKey, hostileText, usualApiKey } from './hostile-values.ts';

const escapeJson = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (character: string) =>
  `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`;
const unicode = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The ways in which programs write a text down so that another program can read it back. */
const WRITERS: Record<string, (key: string) => string> = {
  'as it is': (key) => key,
  'in JSON': escapeJson,
  'in JSON in JSON': (key) => escapeJson(escapeJson(key)),
  'in JSON in JSON in JSON': (key) => escapeJson(escapeJson(escapeJson(key))),
  'in JSON as .NET writes it': (key) => escapeJson(key).replace(/[+'"<>&`]/g, unicode),
  'in JSON with every character escaped': (key) => key.replace(/./g, unicode),
  'as part of a URL': encodeURIComponent,
  'as a whole URL': encodeURI,
  'as a path in a URL': (key) => encodeURIComponent(key).replaceAll('%2F', '/'),
  'in a URL, lower case': (key) => encodeURIComponent(key).replace(/%../g, (code) => code.toLowerCase()),
  'as a form': (key) => new URLSearchParams([['', key]]).toString().slice(1),
  'in a URL with every character escaped': (key) => key.replace(/./g, percent),
};

const writing = fc.constantFrom(...Object.keys(WRITERS));
const write = (name: string, key: string) => WRITERS[name]?.(key) ?? key;

/** The characters of the base64 text that are made of bits of the key alone, wherever it began. */
function findBase64OfKey(before: string, key: string, text: string): string {
  const startBits = Buffer.byteLength(before) * 8;
  return text.slice(Math.ceil(startBits / 6), Math.floor((startBits + key.length * 8) / 6));
}

const keyAndContext = (key: Arbitrary<string>) =>
  fc.record({ key, before: hostileText, after: hostileText, name: writing });

test('no written form of the key is left, whatever stands around it', () =>
  checkProperty(
    fc.property(keyAndContext(anyApiKey), ({ key, before, after, name }) => {
      const form = write(name, key);
      const redacted = createRedactor([key])(`${before}${form}${after}`);
      expect(redacted).not.toContain(form);
      expect(redacted).not.toContain(key);
    }),
  ));

test('no base64 of the key is left, at whatever offset it stands', () =>
  checkProperty(
    fc.property(
      keyAndContext(anyApiKey),
      fc.constantFrom('base64', 'base64url'),
      ({ key, before, after }, encoding) => {
        const text = Buffer.from(`${before}${key}${after}`).toString(encoding);
        const secret = findBase64OfKey(before, key, text);
        expect(secret.length).toBeGreaterThanOrEqual(10);
        const redacted = createRedactor([key])(text);
        expect(redacted).not.toContain(secret);
        expect(redacted).toContain('***');
      },
    ),
  ));

test('text without the key is left alone, and redacting again changes nothing', () =>
  checkProperty(
    fc.property(keyAndContext(usualApiKey), hostileText, ({ key, before, after }, other) => {
      const redact = createRedactor([key]);
      if (!other.includes(key)) expect(redact(other)).toBe(other);
      const redacted = redact(`${before}${key}${after}`);
      expect(redact(redacted)).toBe(redacted);
    }),
  ));

test('several keys are all taken out, also where one is part of another', () =>
  checkProperty(
    fc.property(
      fc.array(anyApiKey, { minLength: 1, maxLength: 4 }),
      fc.nat(),
      hostileText,
      (keys, at, text) => {
        const first = keys[0] ?? '';
        const all = [...keys, first.slice(0, 8), first + first];
        const pieces = [...all.slice(at % all.length), text, ...all.slice(0, at % all.length)];
        const redacted = createRedactor(all)(pieces.join(' '));
        for (const key of all) expect(redacted).not.toContain(key);
      },
    ),
  ));

/** One call of each kind that a report is made of, with the key wherever the service's or a script's words can be. */
const screen = { style: plainStyle, isTerminal: false };
const OPTIONS: RenderOptions = {
  stdout: screen,
  stderr: screen,
  logsTo: 'stderr',
  isQuiet: false,
  verbosity: 0,
  hasHeadings: false,
  redact: (text) => text,
};

function createReports(text: string) {
  const task = {
    ...createTaskFields(),
    phase: 'complete',
    state: 'COMPLETE',
    results: [text, { [text]: [text] }],
  };
  const outcome = createOutcome({ ...task, phase: 'complete', state: 'COMPLETE' }, [
    { time: text, level: 'OUTPUT', message: text },
  ]);
  const error = new LuauExecError(text, {
    id: 'LX520',
    kind: 'bad_response',
    facts: [text],
    hint: text,
    code: text,
    taskPath: text,
    attempts: [{ atMs: 0, httpStatus: 200, reason: text, waitMs: null }],
    cause: new Error(text),
  });
  return [
    createOutcomeReport(outcome, { script: null, source: null }),
    createErrorReport(error, { script: null, task: null, signalName: '', hasStack: true }),
  ];
}

test('no form of the key gets through the sink, and the envelope is still JSON with the same text around it', () =>
  checkProperty(
    fc.property(keyAndContext(usualApiKey), ({ key, before, after, name }) => {
      const text = `${before}${write(name, key)}${after}`;
      const redact = createRedactor([key]);
      for (const report of createReports(text)) {
        const stream = new MemoryStream();
        const sink = createSink(stream, redact);
        for (const piece of jsonRenderer.renderEnd([report], report.exitCode, OPTIONS))
          sink.write(piece.text);
        const envelope = JSON.parse(stream.text);
        const unmasked = JSON.stringify(envelope);
        expect(stream.text + unmasked).not.toContain(key);
        expect(stream.text + unmasked).not.toContain(write(name, key));
        expect(Object.keys(envelope)).toContain('schema');
      }
    }),
  ));
