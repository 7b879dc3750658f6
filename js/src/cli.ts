#!/usr/bin/env node
import { runCommandLine } from './cli/main.js';
import { find } from './inline/rollouts.js';
import { provideSource } from './source.js';

provideSource(find, 'rollouts');

process.exitCode = await runCommandLine(process.argv);
