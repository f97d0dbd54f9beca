// Writes numbered blocks to stdout and their SHA-256 to stderr: a lost, doubled or moved block can be named.
// Usage: blocks.cjs COUNT [BLOCK_BYTES]
const { createHash } = require('node:crypto');
const { writeSync } = require('node:fs');

const count = Number(process.argv[2]);
const size = Number(process.argv[3] ?? 4096);
const hash = createHash('sha256');

for (let i = 0; i < count; i++) {
  const block = Buffer.alloc(size, i % 251);
  block.writeUInt32LE(i, 0);
  hash.update(block);
  for (let at = 0; at < size;) at += writeSync(1, block, at);
}
writeSync(2, hash.digest('hex'));
