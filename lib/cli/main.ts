#!/usr/bin/env node
import { Command } from 'commander';
import { benchCommand } from './bench-command.js';

void new Command('boxlite-ffi')
  .description('run commands in BoxLite boxes')
  .addCommand(benchCommand())
  .parseAsync();
