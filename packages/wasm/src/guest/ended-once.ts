import type { WasmFunction, WasmImports, WasmValue } from '../engine.js';

/**
 * Sees to it that what has ended a guest ends it: a guest can catch JavaScript's exceptions (`catch_all`), and would go on. Its next call to the host throws them
 * again, and so does `rethrow`.
 */
export class EndedOnce {
  #ended: { readonly by: unknown } | undefined;

  /** The same functions, each of which first looks whether the guest has ended. */
  guard(imports: WasmImports): WasmImports {
    const modules = Object.entries(imports).map(([module, functions]) => [
      module,
      Object.fromEntries(Object.entries(functions).map(([name, call]) => [name, this.#guarded(call)])),
    ]);
    return Object.fromEntries(modules);
  }

  /** To be called when the guest has returned. */
  rethrow(): void {
    if (this.#ended !== undefined) throw this.#ended.by;
  }

  #guarded(call: WasmFunction): WasmFunction {
    return (...args): WasmValue => {
      this.rethrow();
      try {
        return call(...args);
      } catch (by) {
        this.#ended = { by };
        throw by;
      }
    };
  }
}
