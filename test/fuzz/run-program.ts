import { MODULUS, type ModuleProgram, type Statement, targetOf } from './module-program.ts';
import { placeModules } from './module-tree.ts';

// What a program of modules does, by the rules that modules have on Roblox: each runs once, when it is first required,
// has globals of its own, and is one value for all who require it.

export interface ProgramRun {
  prints: string[];
  result: number | null;
  /** Null where the script ends well. */
  error: string | null;
}

interface Module {
  index: number;
  name: string;
  program: ModuleProgram;
  state: 'new' | 'loading' | 'loaded' | 'failed';
  sum: number;
  globals: Map<number, number>;
  bumps: number;
  wraps: number;
}

class ProgramError extends Error {}

export function runProgram(program: readonly ModuleProgram[]): ProgramRun {
  const interpreter = new Interpreter(program);
  try {
    const result = interpreter.load(0);
    return { prints: interpreter.prints, result, error: null };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { prints: interpreter.prints, result: null, error: error.message };
  }
}

class Interpreter {
  readonly prints: string[] = [];
  readonly #modules: Module[];

  constructor(programs: readonly ModuleProgram[]) {
    const placed = placeModules(programs.map(({ shape }) => shape));
    this.#modules = programs.map((program, index) => ({
      index,
      name: placed[index]?.file ?? '',
      program,
      state: 'new',
      sum: program.value,
      globals: new Map(),
      bumps: 0,
      wraps: 0,
    }));
  }

  /** The module's value. */
  load(index: number): number {
    const module = this.#at(index);
    if (module.state === 'loading')
      throw new ProgramError(`${module.name} is required while it is being loaded`);
    if (module.state === 'failed') throw new ProgramError(`${module.name} failed when it was first required`);
    if (module.state === 'new') this.#start(module);
    return module.sum;
  }

  #start(module: Module): void {
    module.state = 'loading';
    try {
      for (const statement of module.program.statements) this.#execute(statement, module);
      module.state = 'loaded';
    } catch (error) {
      module.state = 'failed';
      throw error;
    }
  }

  #execute(statement: Statement, module: Module): void {
    const { globals, index } = module;
    switch (statement.kind) {
      case 'say':
        return this.#print(module, statement.text);
      case 'set':
        globals.set(statement.name, statement.value);
        return;
      case 'add':
        globals.set(statement.name, (globals.get(statement.name) ?? 0) + statement.value);
        return;
      case 'show':
        return this.#print(module, String(globals.get(statement.name) ?? 'nil'));
      case 'wrap':
        module.wraps++;
        return;
      case 'fail':
        throw new ProgramError(`boom ${index}`);
      default: {
        const target = targetOf(statement, index, this.#modules.length);
        if (target === null) return;
        if (statement.kind === 'require') this.#require(target, module);
        else this.#try(target, module);
      }
    }
  }

  #require(target: number, module: Module): void {
    module.sum = (module.sum * 3 + this.load(target)) % MODULUS;
    const found = this.#at(target);
    this.#print(found, 'bump');
    found.bumps++;
    this.#print(module, `bumped ${found.bumps}`);
  }

  #try(target: number, module: Module): void {
    try {
      this.#print(module, `is ${this.load(target)}`);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      this.#print(module, error.message);
    }
  }

  #print({ index, wraps }: Module, text: string): void {
    this.prints.push(`${`w${index} `.repeat(wraps)}${text}`);
  }

  #at(index: number): Module {
    const module = this.#modules[index];
    if (!module) throw new Error(`no module ${index}`);
    return module;
  }
}
