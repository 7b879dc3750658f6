import { readFileSync } from 'node:fs';
import { Argument, Command, CommanderError } from 'commander';
import { compareCommand } from './compare.js';
import { convertCommand } from './convert.js';
import { extractCommand } from './extract.js';
import { describe, WrongOption } from './failure.js';
import { formatOption, readCount, readPort, readWhole, sandboxOptions, toOption } from './options.js';
import { replayCommand } from './replay.js';
import { runCommand } from './run.js';
import { serveCommand, serveOptions } from './serve.js';
import { viewCommand, viewOptions } from './view.js';

const EXAMPLES = `
Examples:
  fencerun run answer.md
  fencerun replay -o replayed.jsonl rollouts.jsonl
  fencerun convert --to openai rollouts.jsonl > messages.jsonl
  fencerun serve --port 8080

fencerun COMMAND --help tells all options of a command.`;

/** Runs the command line `argv` (as `process.argv`) and gives its exit code. */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort(new Error('interrupted'));
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  // A reader that has seen enough, as `head`, ends the command without a word.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  let exitCode = 0;
  const program = buildProgram(interrupt.signal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv);
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    if (interrupt.signal.aborted) {
      process.stderr.write('fencerun: interrupted\n');
      return 130;
    }
    process.stderr.write(`fencerun: ${describe(thrown)}\n`);
    return thrown instanceof WrongOption ? 2 : 1;
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function buildProgram(signal: AbortSignal, exit: (code: number) => void): Command {
  const manifest = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const program = new Command('fencerun')
    .description('Find the code in what a model wrote, run it in a sandbox, see what it printed.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .showHelpAfterError('(--help tells more)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`fencerun: ${text.replace(/^error: /, '')}`) });

  program
    .command('extract')
    .description('print the code blocks of a text')
    .argument('[file]', 'a text file, or - for standard input', '-')
    .option('--json', 'print one JSON object a block')
    .action(async (path: string, options) => exit(await extractCommand(path, options)));

  program
    .command('compare')
    .description('print what each framework would run for a text, those together that agree')
    .argument('[file]', 'a text file, or - for standard input', '-')
    .option('--json', 'print one JSON object a profile')
    .action(async (path: string, options) => exit(await compareCommand(path, options)));

  const run = program
    .command('run')
    .description('run the first code block of a text and print what it printed')
    .argument('[file]', 'a text file, or - for standard input', '-')
    .option('--all', 'run every block that can run, each by itself')
    .option('--stdin <file>', 'what the programs read on their standard input')
    .option('--tool-calls <format>', 'run tool calls in this format, hermes for one, instead of blocks')
    .option('--json', 'print one JSON object a run')
    .action(async (path: string, options) => exit(await runCommand(path, options, signal)));

  const replay = program
    .command('replay')
    .description('run the code of recorded rollouts again and compare what it prints now')
    .argument('<file...>', 'logs (verl, OpenAI messages, ToRA, STS, ATIF, text), or - for standard input')
    .option('-o, --output <file>', 'write each line of the logs there, with the new observations added')
    .option('--resume', 'go on with an output that an earlier replay left unfinished')
    .option('--limit <rollouts>', 'replay no more than this many', readCount)
    .option(
      '--concurrency <programs>',
      'how many programs run at a time (default: the number of cores)',
      readCount,
    )
    .option('--retries <times>', 'how often a run that gave no result is tried again', readWhole, 2)
    .option('--profile <name>', "the profile that says which code runs (default: the replay's own rules)")
    .option('--verbose', 'print every step: what the model wrote and what its code printed')
    .option('--json', 'print one JSON object a step, and a summary at the end')
    .action(async (paths: string[], options, command: Command) => {
      if (options.resume && options.output === undefined) {
        command.error("error: option '--resume' goes with '--output <file>'");
      }
      exit(await replayCommand(paths, options, signal));
    });

  const convert = program
    .command('convert')
    .description('print rollout logs in another format, one rollout a line; nothing is lost')
    .addArgument(new Argument('[file...]', 'logs, or - for standard input').default(['-'], '"-"'))
    .addOption(toOption())
    .action(async (paths: string[], options) => exit(await convertCommand(paths, options)));

  const view = program
    .command('view')
    .description('read, run, compare and annotate rollouts in the browser; files that grow are followed')
    .argument('<path...>', 'logs, or folders that hold logs')
    .action(async (paths: string[], options) => exit(await viewCommand(paths, options, signal)));
  for (const option of viewOptions()) view.addOption(option);

  replay.addOption(formatOption());
  convert.addOption(formatOption());

  const mcp = program
    .command('mcp')
    .description('serve run_code, extract_code and run_blocks to a client of the Model Context Protocol')
    .option('--http', 'serve over HTTP to this machine, not over standard input and output')
    .option('--port <port>', 'the port to serve at, 0 for one that is free', readPort, 8765)
    .option('--languages <names>', 'the languages that run, with commas between them', 'python,nodejs')
    .option('--profile <name>', 'word what a program printed as this framework does')
    .action(async (options) => {
      // Loaded by the one command that needs it.
      const { mcpCommand } = await import('./mcp.js');
      exit(await mcpCommand(options, version, signal));
    });

  const serve = program
    .command('serve')
    .description('answer the requests of SandboxFusion over HTTP')
    .action(async (options) => exit(await serveCommand(options, signal)));
  for (const option of serveOptions()) serve.addOption(option);

  for (const option of sandboxOptions()) {
    run.addOption(option);
    replay.addOption(option);
    mcp.addOption(option);
  }
  return program;
}
