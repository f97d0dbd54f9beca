#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { benchCommand } from './bench-command.js';
import { doctorCommand } from './doctor-command.js';
import { psCommand } from './ps-command.js';
import { reportFailure } from './report.js';
import { rmCommand } from './rm-command.js';
import { runCommand } from './run-command.js';
import { runnerCommand } from './runner-command.js';

const commands = [runCommand, psCommand, rmCommand, runnerCommand, benchCommand, doctorCommand];

function program(): Command {
  const manifest = readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const root = new Command('boxlite-ffi')
    .description('Run commands in boxes, and serve boxes to others.')
    .version(version)
    .enablePositionalOptions()
    .showHelpAfterError('(--help shows what can be given)');
  for (const command of commands) root.addCommand(command());
  return root;
}

program()
  .parseAsync()
  .catch((error: unknown) => (process.exitCode = reportFailure(error)));
