import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../pkg/dist/cli.js', import.meta.url));

/**
 * The command line in `folder`, as a user calls it: its own process, its standard streams, its exit code or signal. `onStart`
 * gets the process.
 */
export function createCommand(folder) {
  return (args, { input = '', onStart = () => {} } = {}) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, NO_COLOR: '1' };
      const child = spawn(process.execPath, [command, ...args], { cwd: folder, env });
      const output = { stdout: '', stderr: '' };
      for (const name of ['stdout', 'stderr']) {
        child[name].setEncoding('utf8');
        child[name].on('data', (piece) => {
          output[name] += piece;
        });
      }
      child.on('error', reject);
      child.on('close', (code, signal) => resolve({ code, signal, ...output }));
      child.stdin.on('error', () => {});
      child.stdin.end(input);
      onStart(child);
    });
}
