import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const csrc = join(__dirname, '..', '..', 'csrc');
const nodeHeaders = ['napi.h', 'node_api.h', 'js_native_api.h', 'node.h', 'v8.h', 'uv.h'];

/** Each room of csrc/ and the rooms whose headers it may include. */
const rooms: Record<string, string[]> = {
  abi: [],
  ffi: ['abi', 'ffi'],
  exec: ['abi', 'ffi', 'exec'],
  node: ['ffi', 'exec', 'node'],
  engine: ['abi', 'engine'],
};

/** layout_check.cc checks its own room's header. */
const allowed: Record<string, string[]> = { 'abi/layout_check.cc': ['abi/boxlite.h'] };

interface Source {
  /** Relative to csrc. */
  file: string;
  text: string;
}

function sourcesOf(room: string): Source[] {
  const entries = readdirSync(join(csrc, room), { recursive: true, encoding: 'utf8' });
  const files = entries.filter((name) => /\.(cc|h|def)$/.test(name)).map((name) => `${room}/${name}`);
  return files.map((file) => ({ file, text: readFileSync(join(csrc, file), 'utf8') }));
}

function includesOf({ text }: Source): string[] {
  return [...text.matchAll(/^\s*#\s*include\s*["<]([^">]+)[">]/gm)].map((match) => match[1] ?? '');
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

/** Includes of one of our own headers that its room may not know. */
function strayIncludes(room: string): string[] {
  const known = rooms[room] ?? [];
  return sourcesOf(room).flatMap((source) => {
    const own = includesOf(source).filter((header) => (header.split('/')[0] ?? '') in rooms);
    const stray = own.filter((header) => !known.includes(header.split('/')[0] ?? ''));
    return stray
      .filter((header) => !allowed[source.file]?.includes(header))
      .map((header) => `${source.file}: ${header}`);
  });
}

function quotedWithoutRoom(room: string): string[] {
  return sourcesOf(room).flatMap((source) =>
    [...source.text.matchAll(/^\s*#\s*include\s*"([^"/]+)"/gm)].map((match) => `${source.file}: ${match[1]}`),
  );
}

/** What in a room's code matches, comments aside, as `file: match`. */
function mentions(room: string, pattern: RegExp, except: string[] = []): string[] {
  return sourcesOf(room)
    .filter(({ file }) => !except.includes(file))
    .flatMap(({ file, text }) =>
      [...withoutComments(text).matchAll(pattern)].map((match) => `${file}: ${match[0]}`),
    );
}

describe('the rooms of csrc', () => {
  it('are the ones that have rules', () => {
    const folders = readdirSync(csrc, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(rooms).sort());
  });

  it.each(Object.keys(rooms))('%s includes only the rooms that it may know', (room) => {
    expect(sourcesOf(room)).not.toEqual([]);
    expect(strayIncludes(room)).toEqual([]);
  });

  it.each(Object.keys(rooms))('%s names the room in every include of ours', (room) => {
    expect(quotedWithoutRoom(room)).toEqual([]);
  });

  it.each(['abi', 'ffi', 'exec', 'engine'])('%s includes no Node header', (room) => {
    const stray = sourcesOf(room).flatMap((source) =>
      includesOf(source).filter((header) => nodeHeaders.includes(header)),
    );
    expect(stray).toEqual([]);
  });

  it('node keeps to Node-API, which the stub headers of an installation provide', () => {
    const stray = sourcesOf('node').flatMap((source) =>
      includesOf(source).filter((header) => ['node.h', 'v8.h', 'uv.h'].includes(header)),
    );
    expect(stray).toEqual([]);
  });

  it.each(['node', 'exec'])('%s calls no function of the ABI', (room) => {
    expect(mentions(room, /\bboxlite_\w+\s*\(/g)).toEqual([]);
  });

  it('ffi names the functions of the engine in one file only', () => {
    expect(mentions('ffi', /\bboxlite_\w+\s*\(/g, ['ffi/embedded_engine.cc'])).toEqual([]);
  });
});
