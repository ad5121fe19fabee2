// «Quanto pago?»: from the ISEE to the band, and from the band to the amounts in the tables.
// Nothing is sent, stored or written into the address. The builder counts in the same way
// (bands.py), in whole numbers: amounts are cents, limits hundredths of a euro or of a percent.
"use strict";

(() => {
  const WHOLE = 100 * 100; // a hundred percent in hundredths
  const EURO = "([0-9]{1,8}|[0-9]{1,3}\\.[0-9]{3}|[0-9]{1,2}\\.[0-9]{3}\\.[0-9]{3})";
  const AMOUNT = new RegExp(`^${EURO}(?:[.,]([0-9]{1,2}))?$`);
  const form = document.querySelector("#calcolo");
  const told = document.querySelector("#calcolo-esito");
  const found = document.querySelector("#calcolo-importi");
  const data = JSON.parse(document.querySelector("#calcolo-dati").textContent);
  const [isee, reference] = form.querySelectorAll("input");

  /** The cents of an amount as a citizen writes it, or null. */
  function cents(text) {
    const parts = AMOUNT.exec(text.replace(/[ \t\u00a0\u202f€]/g, ""));
    return parts && Number(parts[1].replaceAll(".", "") + (parts[2] ?? "").padEnd(2, "0"));
  }

  /** The first band that holds the ISEE: above its first limit, up to and with its second. */
  function bandOf(amount, unit) {
    return data.fasce.find(([, , above, upTo]) =>
      (above === null || amount * WHOLE > above * unit)
      && (upTo === null || amount * WHOLE <= upTo * unit));
  }

  function node(name, ...content) {
    const made = document.createElement(name);
    made.append(...content);
    return made;
  }

  /** In which days amounts are valid, where their caption or row says it. */
  function days(part, name) {
    const hint = part.querySelector(`${name} .c-hint`);
    return hint ? [" ", hint.cloneNode(true)] : [];
  }

  /** The amounts of a band in a table, each after the name of its row. */
  function lines(box, band) {
    const cells = [...box.querySelectorAll("[data-fasce]")];
    return cells.filter((cell) => cell.dataset.fasce.split(" ").includes(band)).map((cell) => {
      const row = cell.closest("tr");
      const amount = cell.cloneNode(true).childNodes;
      return node("li", row.dataset.voce, ...days(row, "th"), ": ", ...amount);
    });
  }

  function amounts(band) {
    const boxes = [...document.querySelectorAll("#quanto-pago .c-scroll")];
    return boxes.map((box) => [box, lines(box, band)]).filter(([, items]) => items.length)
      .flatMap(([box, items]) => [
        node("h3", box.getAttribute("aria-label"), ...days(box, "caption")), node("ul", ...items),
      ]);
  }

  /** The cents of a field; one that cannot be read says so and is where to go on. */
  function read(field, least) {
    const amount = cents(field.value);
    const right = amount !== null && amount >= least;
    field.setAttribute("aria-invalid", String(!right));
    if (right) return amount;
    told.textContent = field.dataset.errore;
    field.focus();
    return null;
  }

  function answer() {
    found.replaceChildren();
    const amount = read(isee, 0);
    if (amount === null) return;
    const unit = data.percento ? read(reference, 1) : WHOLE;
    if (unit === null) return;
    const band = bandOf(amount, unit);
    if (band) found.append(...amounts(band[0]));
    const more = found.firstChild ? form.dataset.importi : form.dataset.senza;
    told.textContent = band ? `La tua fascia: ${band[1]}. ${more}` : form.dataset.nessuna;
  }

  function clear() {
    form.reset();
    for (const field of [isee, reference]) field?.removeAttribute("aria-invalid");
    told.textContent = "";
    found.replaceChildren();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    answer();
  });
  // Who comes back to this page must not find what another person wrote.
  window.addEventListener("pagehide", clear);
  document.querySelector("#calcolo-parti").hidden = false;
})();
