import type { Job, Outcome } from '../job.js';
import type { Output } from '../output.js';

export class JavaScriptEngine {
  async load(_module: WebAssembly.Module): Promise<void> {}
  async run(_job: Job, _output: Output, _onStart: () => void): Promise<Omit<Outcome, 'truncated'>> {
    throw new Error('not yet');
  }
}
