// Taking submissions out of the page: on paper, or in a file.
import { element, whole } from "./drawing.js";

const KINDS = { ods: "application/vnd.oasis.opendocument.spreadsheet", csv: "text/csv" };

/** Print some submissions, which stand on the paper alone. */
export function print(paper, items) {
  paper.replaceChildren(...items.map((item) => element("article", {}, ...whole(item, 2))));
  window.print();
}

/** Offer a file to whoever uses the page: nothing leaves the computer. */
export function save(kind, bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: KINDS[kind] }));
  element("a", { href: address, download: `invii.${kind}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
