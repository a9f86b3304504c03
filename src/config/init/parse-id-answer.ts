import { parseId } from '../parse-setting.ts';

/** The ids that a URL or an API path names; null for what it does not name. */
export interface NamedIds {
  universeId: string | null;
  placeId: string | null;
}

/** `named` is what a URL holds, and null where the answer was no URL. A reason goes on a sentence, as in `Parsed`. */
export type IdAnswer =
  | { ok: true; value: string; named: NamedIds | null }
  | { ok: false; reason: string; hint: string; named: NamedIds | null };

const NO_IDS: NamedIds = { universeId: null, placeId: null };
const LABELS = { universeId: 'universe id', placeId: 'place id' } as const;
export const COPY_HINT = 'copy the id from the Creator Dashboard';

/**
 * An id as people type or paste it: bare, or inside the URL of a page or an API that names it in its path. Around it may
 * stand blanks, quotes and characters that do not show; full-width digits count as digits.
 */
export function parseIdAnswer(name: keyof NamedIds, answer: string): IdAnswer {
  const text = answer
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/^[\s<"'`]+|[\s>"'`]+$/g, '');
  const named = readIds(text);
  if (named === null) {
    const parsed = parseId(text);
    if (parsed.ok) return { ok: true, value: parsed.value, named };
    if (text === '') return { ok: false, reason: 'is empty', hint: COPY_HINT, named };
    return { ok: false, reason: parsed.reason, hint: parsed.hint ?? COPY_HINT, named };
  }
  const value = named[name];
  if (value !== null) return { ok: true, value, named };
  const other = name === 'universeId' ? 'placeId' : 'universeId';
  const reason =
    named[other] === null
      ? 'is a URL that names no id for certain'
      : `is a URL that names a ${LABELS[other]} (${named[other]}) and no ${LABELS[name]}`;
  return { ok: false, reason, hint: COPY_HINT, named };
}

/** Why a place cannot be meant together with that universe: its URL names another. Null where it can. */
export function describeClash(named: NamedIds | null, universeId: string | null): string | null {
  const other = named?.universeId ?? null;
  if (other === null || universeId === null || other === universeId) return null;
  return `is a URL of universe ${other}, not of ${universeId}`;
}

/** Null where the text is no URL at all. */
function readIds(text: string): NamedIds | null {
  const url = readUrl(text);
  if (url === null) return null;
  const path = url.pathname;
  switch (url.hostname) {
    case 'create.roblox.com':
      return pick(/^(?:\/dashboard)?\/creations\/experiences\/(\d+)(?:\/places\/(\d+))?(?:\/|$)/.exec(path));
    case 'apis.roblox.com':
      return pick(/\/universes\/(?:v1\/)?(\d+)(?:\/places\/(\d+))?(?:\/|$)/.exec(path));
    case 'roblox.com':
    case 'www.roblox.com':
      return pickPlace(
        /^(?:\/[a-z]{2}(?:-[a-z]{2})?)?\/games\/(\d+)(?:\/|$)/.exec(path)?.[1] ??
          (path === '/games/start' ? url.searchParams.get('placeId') : null),
      );
    default:
      return NO_IDS;
  }
}

function readUrl(text: string): URL | null {
  const url = writeOut(text);
  return url !== null && URL.canParse(url) ? new URL(url) : null;
}

/** With the scheme that people leave out; a resource path is how the API's documentation and this tool name a place. */
function writeOut(text: string): string | null {
  if (/^\/?universes\/\d/.test(text)) return `https://apis.roblox.com/${text.replace(/^\//, '')}`;
  if (/^(?:\w+\.)?roblox\.com\//i.test(text)) return `https://${text}`;
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : null;
}

function pick(match: RegExpExecArray | null): NamedIds {
  return { universeId: checkId(match?.[1]), placeId: checkId(match?.[2]) };
}

function pickPlace(id: string | null): NamedIds {
  return { universeId: null, placeId: checkId(id) };
}

function checkId(text: string | null | undefined): string | null {
  const parsed = parseId(text ?? '');
  return parsed.ok ? parsed.value : null;
}
