import type { Reply, Session } from './emulator-session.ts';

const MEMORY = '/cloud/v2/universes/11/memory-store';
export const MAP = `${MEMORY}/sorted-maps/scores/items`;
export const QUEUE = `${MEMORY}/queues/jobs/items`;
export const INVALID = 'INVALID_ARGUMENT';

export function patch({ send }: Session, path: string, body: unknown): Promise<Reply> {
  return send('PATCH', path, { headers: { 'x-api-key': 'k' }, body: JSON.stringify(body) });
}

export function brief({ status, json }: Reply) {
  return { status, code: json.code ?? null };
}
