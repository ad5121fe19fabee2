// Tables for a spreadsheet, in which nothing that a citizen wrote is ever a formula.
// endpoint/sheets.py and opening.py write the same cells, and say why: change both.
import { zip } from "./zip.js";

export const HEADINGS = [
  ["numero", "Numero"], ["modulo", "Modulo"], ["ricevuto", "Ricevuto"], ["stato", "Stato"],
  ["canale", "Canale"], ["sospetto", "Sospetto"], ["protocollo", "Protocollo"], ["esito", "Esito"],
];
const FORMULA = /^'*(?:[\t\r\n]|[ \xa0\u2000-\u200f\u2060\u3000\ufeff]*[=+\-@＝＋－＠])/u;
const NOT_XML = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const BLANKS = /^ +| {2,}| +$/g;
const MIME = "application/vnd.oasis.opendocument.spreadsheet";
const NS = "urn:oasis:names:tc:opendocument:xmlns:";
const MANIFEST = '<?xml version="1.0" encoding="UTF-8"?>\n'
  + `<manifest:manifest xmlns:manifest="${NS}manifest:1.0" manifest:version="1.3">`
  + `<manifest:file-entry manifest:full-path="/" manifest:media-type="${MIME}"/>`
  + '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
  + "</manifest:manifest>\n";
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content'
  + ["office", "style", "text", "table"].map((n) => ` xmlns:${n}="${NS}${n}:1.0"`).join("")
  + ` xmlns:number="${NS}datastyle:1.0" xmlns:fo="${NS}xsl-fo-compatible:1.0"`
  + ' office:version="1.3"><office:automatic-styles>'
  + '<number:text-style style:name="N1"><number:text-content/></number:text-style>'
  + '<style:style style:name="larga" style:family="table-column">'
  + '<style:table-column-properties style:column-width="5cm"/></style:style>'
  + '<style:style style:name="testo" style:family="table-cell" style:data-style-name="N1">'
  + '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/>'
  + "</style:style></office:automatic-styles>"
  + '<office:body><office:spreadsheet><table:table table:name="Invii">';
const TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>\n";

/** A row of headings, then one row a submission; a column for each question that was asked. */
export function table(items) {
  const asked = new Map();
  for (const item of items) {
    for (const answer of item.answers) asked.set(name(answer), answer);
  }
  const words = [...asked.values()].map((answer) => answer.question);
  const titles = [...asked.values()].map(({ field, question }) => (
    words.filter((word) => word === question).length > 1 ? `${question} (${field})` : question
  ));
  const rows = items.map((item) => {
    const given = new Map(item.answers.map((answer) => [name(answer), answer.text]));
    const known = HEADINGS.map(([key]) => item.known[key]);
    return [...known, ...[...asked.keys()].map((key) => given.get(key) ?? "")];
  });
  return [[...HEADINGS.map(([, title]) => title), ...titles], ...rows];
}

function name({ field, question }) {
  return JSON.stringify([field, question]);
}

/** The rows as CSV for an Italian spreadsheet. */
export function toCsv(rows) {
  const lines = rows.map((row) => `${row.map(csvCell).join(";")}\r\n`);
  return new TextEncoder().encode(`\ufeff${lines.join("")}`);
}

function csvCell(text) {
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

/** The rows as an OpenDocument spreadsheet in which every cell is a text. */
export function toOds(rows) {
  const columns = '<table:table-column table:style-name="larga"/>'.repeat(rows[0].length);
  const lines = rows.map((row) => `<table:table-row>${row.map(odsCell).join("")}</table:table-row>`);
  return zip([
    ["mimetype", MIME],
    ["META-INF/manifest.xml", MANIFEST],
    ["content.xml", HEAD + columns + lines.join("") + TAIL],
  ]);
}

function odsCell(text) {
  if (!text) return "<table:table-cell/>";
  const clean = text.replace(/\r\n?/g, "\n").replace(NOT_XML, "\ufffd")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const lines = clean.split("\n").map((line) => `<text:p>${odsLine(line)}</text:p>`);
  return '<table:table-cell table:style-name="testo" office:value-type="string">'
    + `${lines.join("")}</table:table-cell>`;
}

function odsLine(line) {
  return line.replace(BLANKS, (found) => "<text:s/>".repeat(found.length))
    .replaceAll("\t", "<text:tab/>");
}
