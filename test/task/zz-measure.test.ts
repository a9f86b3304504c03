import { test } from 'vitest';
import { simulateRun, type Lifetime } from './poll-simulation.ts';
const P: Record<string, string> = {
 '1,200,warm':'0.33/0.57','1,200,cold':'0.55/1.07','1,200,long':'1.20/2.53',
 '10,200,warm':'0.43/0.88','10,200,cold':'0.97/2.21','10,200,long':'1.42/2.81',
 '1,45,warm':'0.34/0.60','1,45,cold':'0.71/1.56','1,45,long':'1.22/2.50',
 '10,45,warm':'1.67/3.93','10,45,cold':'5.67/15.4','10,45,long':'4.48/11.9'};
test('measure', async () => {
  for (const key of Object.keys(P)) {
    const [n, l, k] = key.split(',');
    const reps = Number(process.env.REPS ?? 300) / (n === '1' ? 1 : 4);
    const t0 = performance.now();
    const all: number[] = []; let refused = 0;
    for (let seed = 1; seed <= reps; seed++) {
      const r = await simulateRun({ taskCount: Number(n), limitPerMinute: Number(l), lifetime: k as Lifetime, seed });
      all.push(...r.delaysSeconds); refused += r.refused;
    }
    all.sort((a, b) => a - b);
    const mean = all.reduce((s, x) => s + x, 0) / all.length;
    const p95 = all[Math.floor(all.length * 0.95)] ?? 0;
    const [em, ep] = (P[key] ?? '').split('/').map(Number) as [number, number];
    console.log(key.padEnd(12), mean.toFixed(2), p95.toFixed(2), 'want', P[key], 'ratio', (mean/em).toFixed(2), (p95/ep).toFixed(2), 'refused', (refused/reps).toFixed(2), Math.round(performance.now()-t0)+'ms', all.length);
  }
}, 60000);
