import { setFlagsFromString } from 'node:v8';

/**
 * Lets a short process end sooner. undici's HTTP parser is wasm, which V8 optimises after some three answers, and the
 * end of a process waits for that: 85 ms on Node 20, 45 ms on 24 (2026-11-21). A module keeps the budget that was set
 * when it was compiled, which is at the first connection here: to be called before that, and without effect on Luau
 * that was compiled earlier.
 */
export function keepParserBaseline(): void {
  setFlagsFromString('--wasm-tiering-budget=1000000000');
}
