import type { HttpResponse } from './exchange.ts';

/** What a refusal says of itself, whichever of the service's body families it came in. */
export interface ApiRefusal {
  status: number;
  /** `PERMISSION_DENIED`, `INSUFFICIENT_SCOPE`, a gateway number as text, or null. */
  code: string | null;
  /** The service's own words, or the title of an HTML page; null when it said nothing. */
  message: string | null;
  /** True when the body is a web page: a proxy or a portal answered, not the API. */
  isHtml: boolean;
}

const MAX_ERROR_BYTES = 64 * 1024;

/** Reads the four JSON families, HTML pages and empty bodies; never throws. */
export function parseRefusal(response: HttpResponse): ApiRefusal {
  const text = new TextDecoder().decode(response.body.subarray(0, MAX_ERROR_BYTES)).trim();
  const base = { status: response.status, code: null, message: null, isHtml: false };
  if (isHtml(text, response.headers['content-type'])) {
    return { ...base, message: readTitle(text), isHtml: true };
  }
  return { ...base, ...readFamilies(text) };
}

export function isHtml(text: string, contentType: string | undefined): boolean {
  return (contentType ?? '').includes('text/html') || /^(<!doctype html|<html|<head)/i.test(text.trimStart());
}

/** The page's title in one line; null when it has none. */
function readTitle(html: string): string | null {
  const title = /<title[^>]*>([^<]*)/i.exec(html)?.[1]?.replace(/\s+/g, ' ').trim();
  return title ? title : null;
}

function readFamilies(text: string): { code: string | null; message: string | null } {
  const body = parseObject(text);
  if (!body) return { code: null, message: text === '' ? null : text };
  const first: unknown = Array.isArray(body.errors) ? body.errors[0] : undefined;
  const source: Record<string, unknown> = isRecord(first) ? first : body;
  const code =
    source.code ?? source.errorCode ?? (typeof source.error === 'string' ? source.error : undefined);
  const message = source.message ?? source.errorMessage;
  return {
    code: typeof code === 'string' || typeof code === 'number' ? String(code) : null,
    message: typeof message === 'string' && message !== '' ? message : null,
  };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
