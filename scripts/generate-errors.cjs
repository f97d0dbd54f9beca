'use strict';
// Writes what C++ and TypeScript know about error codes, from the one table in errors.json.
// With --check nothing is written; exit code 1 if a file is not what would be written.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..');
const notice =
  'Generated from errors.json by scripts/generate-errors.cjs: do not edit, run `npm run generate`.';

/** `NotFoundError` → `kNotFound` */
function enumerator(row) {
  return `k${row.class.replace(/Error$/, '')}`;
}

function cppHeader(rows) {
  const codes = rows.map((row) => `  ${enumerator(row)} = ${row.errno},  // ${row.means}`);
  const table = rows.map((row) => `    {${row.errno}, "${row.code}", "${row.class}", ${row.httpStatus}},`);
  return `// ${notice}
// clang-format off
#pragma once

namespace boxlite::ffi {

/// The numbers of the C ABI; a library may return others.
enum class ErrorCode : int {
  kOk = 0,
${codes.join('\n')}
};

struct ErrorRow {
  int number;
  const char* code;
  const char* class_name;
  int http_status;
};

inline constexpr ErrorRow kErrorTable[] = {
${table.join('\n')}
};

/// The row of a number; nullptr for one that the table does not know.
constexpr const ErrorRow* FindError(int number) {
  for (const ErrorRow& row : kErrorTable) {
    if (row.number == number) return &row;
  }
  return nullptr;
}

}  // namespace boxlite::ffi
`;
}

function typeScriptTable(rows) {
  const lines = rows.map(
    (row) =>
      `  { errno: ${row.errno}, code: '${row.code}', className: '${row.class}', httpStatus: ${row.httpStatus} },`,
  );
  return `// ${notice}

/** Every code of the C ABI. */
export const errorTable = [
${lines.join('\n')}
] as const;

/** One code of the C ABI. */
export type ErrorRow = (typeof errorTable)[number];

/** One word for each code of the C ABI. */
export type BoxliteErrorCode = ErrorRow['code'];
`;
}

function outputs() {
  const rows = JSON.parse(readFileSync(join(root, 'errors.json'), 'utf8'));
  return [
    { file: 'csrc/ffi/error_codes.h', text: cppHeader(rows) },
    { file: 'lib/error-table.generated.ts', text: typeScriptTable(rows) },
  ];
}

function isStale({ file, text }) {
  const path = join(root, file);
  return !existsSync(path) || readFileSync(path, 'utf8') !== text;
}

const stale = outputs().filter(isStale);
if (process.argv.includes('--check')) {
  for (const { file } of stale) console.error(`${file} is stale: run \`npm run generate\``);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const { file, text } of stale) writeFileSync(join(root, file), text);
}
