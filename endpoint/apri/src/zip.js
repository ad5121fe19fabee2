// A ZIP archive of texts, not compressed: all that an OpenDocument file needs.
const LOCAL = 0x04034b50, CENTRAL = 0x02014b50, END = 0x06054b50;
const VERSION = 20, UTF8 = 0x0800, DAY = (1 << 5) | 1; // 1 January 1980

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** The archive of pairs [name, text], in their order. */
export function zip(files) {
  const parts = [], index = [];
  let offset = 0;
  for (const [name, text] of files) {
    const title = new TextEncoder().encode(name), data = new TextEncoder().encode(text);
    const common = [[2, VERSION], [2, UTF8], [2, 0], [2, 0], [2, DAY], [4, crc32(data)],
      [4, data.length], [4, data.length], [2, title.length], [2, 0]];
    const entry = [record([[4, LOCAL], ...common]), title, data];
    index.push(record([[4, CENTRAL], [2, VERSION], ...common, [2, 0], [2, 0], [2, 0], [4, 0],
      [4, offset]]), title);
    parts.push(...entry);
    offset += size(entry);
  }
  const end = record([[4, END], [2, 0], [2, 0], [2, files.length], [2, files.length],
    [4, size(index)], [4, offset], [2, 0]]);
  return joined([...parts, ...index, end]);
}

function record(fields) {
  return Uint8Array.from(fields.flatMap(([bytes, value]) => (
    Array.from({ length: bytes }, (_, place) => (value >>> (8 * place)) & 255)
  )));
}

function size(parts) {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

function joined(parts) {
  const whole = new Uint8Array(size(parts));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}
