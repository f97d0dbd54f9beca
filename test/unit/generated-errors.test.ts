import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorTable } from '../../lib/error-table.generated.js';
import * as api from '../../lib/index.js';

interface Row {
  errno: number;
  code: string;
  class: string;
  httpStatus: number;
}

const root = join(__dirname, '..', '..');
const rows = JSON.parse(readFileSync(join(root, 'errors.json'), 'utf8')) as Row[];

/** `RpcTransportError` → `rpc_transport` */
function snakeCase(className: string): string {
  return className
    .replace(/Error$/, '')
    .replace(/(?!^)[A-Z]/g, '_$&')
    .toLowerCase();
}

/** The numbers of one enum, read from C or C++. */
function enumerators(file: string, pattern: RegExp): Map<string, number> {
  const text = readFileSync(join(root, file), 'utf8');
  return new Map([...text.matchAll(pattern)].map((match) => [match[1] ?? '', Number(match[2])]));
}

describe('errors.json', () => {
  it('is what the generated files were made from', () => {
    const check = spawnSync(process.execPath, ['scripts/generate-errors.cjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });

  it('has the 21 codes of the ABI, each once', () => {
    expect(rows.map(({ errno }) => errno)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(new Set(rows.map(({ code }) => code)).size).toBe(21);
  });

  it.each(rows)('$errno: the code $code is the class $class in snake case', ({ code, class: className }) => {
    expect(code).toBe(snakeCase(className));
  });

  it('answers over HTTP as the contract says', () => {
    const statuses = new Map<number, number[]>();
    for (const { errno, httpStatus } of rows)
      statuses.set(httpStatus, [...(statuses.get(httpStatus) ?? []), errno]);
    expect(Object.fromEntries(statuses)).toEqual({
      400: [5, 13, 19],
      404: [2],
      409: [3, 4, 11],
      410: [21],
      422: [8, 10],
      429: [20],
      500: [1, 6, 7, 14, 18],
      503: [9, 12, 15, 16, 17],
    });
  });

  it('has the numbers of the header', () => {
    const header = enumerators('csrc/abi/boxlite.h', /\bBOXLITE_([A-Z_]+) = (\d+)/g);
    for (const { errno, code } of rows) expect([code, header.get(code.toUpperCase())]).toEqual([code, errno]);
  });

  it('has the numbers of the C++ enum', () => {
    const generated = enumerators('csrc/ffi/error_codes.h', /^ {2}(k\w+) = (\d+),/gm);
    const expected = rows.map((row): [string, number] => [`k${row.class.replace(/Error$/, '')}`, row.errno]);
    expect(generated).toEqual(new Map([['kOk', 0], ...expected]));
  });

  it('is the table that the library uses', () => {
    const table = errorTable.map(({ errno, code, className, httpStatus }) => ({
      errno,
      code,
      class: className,
      httpStatus,
    }));
    expect(table).toEqual(
      rows.map(({ errno, code, class: name, httpStatus }) => ({ errno, code, class: name, httpStatus })),
    );
  });

  it.each(rows)('$class is exported and carries its row', ({ class: name, errno, code, httpStatus }) => {
    const errorClass = (api as unknown as Record<string, new (message: string) => api.BoxliteError>)[name];
    if (!errorClass) throw new Error(`${name} is not exported`);
    expect(new errorClass('why')).toMatchObject({ name, errno, code, httpStatus, message: 'why' });
  });
});
