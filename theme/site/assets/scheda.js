// What a page with desks and documents can do more with JavaScript: the reader's own Comune first,
// «open now» beside the printed hours, boxes to tick. Nothing is stored and nothing is sent.
"use strict";

(() => {
  const DAYS = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
  const MONTHS = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto",
    "settembre", "ottobre", "novembre", "dicembre"];
  const AHEAD = 60; // days in which to look for the next opening
  const MINUTE = 60_000; // milliseconds

  // --- Open now ---------------------------------------------------------------------------

  const ROME = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Europe/Rome", hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });

  /** The clock on the office's wall, wherever the reader is: [date as UTC midnight, "HH:MM"]. */
  function inRome(moment) {
    const part = Object.fromEntries(ROME.formatToParts(moment).map((p) => [p.type, p.value]));
    return [new Date(Date.UTC(part.year, part.month - 1, part.day)), `${part.hour}:${part.minute}`];
  }

  const iso = (day) => day.toISOString().slice(0, 10);
  const weekday = (day) => ((day.getUTCDay() + 6) % 7) + 1; // 1 is Monday
  const later = (day, days) => new Date(day.getTime() + days * 24 * 60 * MINUTE);

  /** Whether a slot is held on a day: [days, from, to, which of the month, first, last date]. */
  function holds([days, , , which, first, last], day) {
    if (!days.includes(weekday(day))) return false;
    if ((first && iso(day) < first) || (last && iso(day) > last)) return false;
    if (which === 0) return true;
    if (which < 0) return later(day, 7).getUTCMonth() !== day.getUTCMonth();
    return Math.ceil(day.getUTCDate() / 7) === which;
  }

  /** The slots of a day in order of time; none if the office is closed for a period. */
  function slotsOn({ s: slots, c: closures }, day) {
    if (closures.some(([first, last]) => first <= iso(day) && iso(day) <= last)) return [];
    return slots.filter((slot) => holds(slot, day)).sort((a, b) => (a[1] < b[1] ? -1 : 1));
  }

  /** «alle 9.00», «all'1.00». */
  function at(time) {
    const [hours, minutes] = time.split(":");
    const said = `${Number(hours)}.${minutes}`;
    return said.startsWith("1.") ? `all'${said}` : `alle ${said}`;
  }

  function when(day, today) {
    const days = Math.round((day - today) / (24 * 60 * MINUTE));
    if (days === 0) return "oggi";
    if (days === 1) return "domani";
    const name = DAYS[weekday(day) - 1];
    if (days < 7) return name;
    return `${name} ${day.getUTCDate()} ${MONTHS[day.getUTCMonth()]}`;
  }

  /** What can be said at this moment: [open, words]; null if nothing can. */
  function status(hours, moment) {
    const [today, time] = inRome(moment);
    const now = slotsOn(hours, today).find((slot) => slot[1] <= time && time < slot[2]);
    if (now) return [true, `Aperto ora, fino ${at(now[2])}`];
    for (let ahead = 0; ahead <= AHEAD; ahead += 1) {
      const day = later(today, ahead);
      const next = slotsOn(hours, day).find((slot) => ahead > 0 || slot[1] > time);
      if (next) return [false, `Chiuso ora, apre ${when(day, today)} ${at(next[1])}`];
    }
    return null;
  }

  function showStatus(list) {
    const said = status(JSON.parse(list.dataset.orari), new Date());
    let note = list.nextElementSibling;
    if (!note?.matches(".c-open")) {
      note = document.createElement("p");
      list.after(note);
    }
    note.hidden = !said;
    if (!said) return;
    note.className = `c-open c-open--${said[0] ? "yes" : "no"}`;
    // Holidays are not in the data: what is said holds for the hours as they are published.
    note.textContent = `${said[1]}, secondo l'orario pubblicato.`;
  }

  function tellOpenings() {
    const lists = document.querySelectorAll("[data-orari]");
    const update = () => lists.forEach(showStatus);
    if (!lists.length) return;
    update();
    setInterval(update, MINUTE);
    document.addEventListener("visibilitychange", update);
  }

  // --- Your Comune ------------------------------------------------------------------------

  function option(value, text) {
    const item = document.createElement("option");
    item.value = value;
    item.textContent = text;
    return item;
  }

  /** Put the desk of a Comune first in each table and mark it; the others keep their order. */
  function putFirst(rows, comune) {
    for (const { row, body } of rows) {
      row.classList.remove("c-desks__mine");
      row.querySelector(".c-mine")?.remove();
      body.append(row);
    }
    for (const { row, body } of rows.filter((item) => item.row.dataset.comune === comune)) {
      const mark = document.createElement("span");
      mark.className = "c-tag c-mine";
      mark.textContent = "Il tuo Comune";
      row.cells[0].append(" ", mark);
      row.classList.add("c-desks__mine");
      body.prepend(row);
    }
  }

  function chooseComune() {
    const found = [...document.querySelectorAll(".c-desks tr[data-comune]")];
    const rows = found.map((row) => ({ row, body: row.parentElement }));
    const names = new Map(found.map((r) => [r.dataset.comune, r.cells[0].textContent.trim()]));
    if (names.size < 2) return;
    const box = document.createElement("p");
    box.className = "c-yours";
    const label = document.createElement("label");
    label.textContent = "Il tuo Comune ";
    const select = document.createElement("select");
    select.autocomplete = "off"; // not even the browser remembers the choice
    select.append(option("", "Scegli"));
    for (const [comune, name] of names) select.append(option(comune, name));
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    select.addEventListener("change", () => {
      putFirst(rows, select.value);
      const name = names.get(select.value);
      said.textContent = name ? ` Lo sportello di ${name} è il primo dell'elenco.` : "";
    });
    label.append(select);
    box.append(label, said);
    document.querySelector(".c-desks").closest(".c-scroll").before(box);
  }

  // --- Documents to bring -----------------------------------------------------------------

  function tickDocuments() {
    for (const item of document.querySelectorAll(".c-checklist > li")) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.autocomplete = "off";
      const links = item.querySelector("a");
      if (links) {
        // A link inside a label would be ticked when followed.
        box.setAttribute("aria-label", item.textContent.trim());
        item.prepend(box, " ");
      } else {
        label.append(box, " ", ...item.childNodes);
        item.append(label);
      }
    }
    document.querySelectorAll(".c-checklist").forEach((l) => l.classList.add("c-checklist--live"));
  }

  // --- How clear is this page -------------------------------------------------------------

  /** Of the two further questions show the one that fits the rate: 4 and 5 are good. */
  function followRate() {
    for (const form of document.querySelectorAll(".c-rating")) {
      const [good, bad] = ["positive", "negative"].map((side) =>
        form.querySelector(`[data-element="feedback-rating-${side}"]`));
      const update = () => {
        const rate = Number(new FormData(form).get("voto"));
        good.hidden = good.disabled = rate < 4;
        bad.hidden = bad.disabled = rate === 0 || rate > 3;
      };
      form.addEventListener("change", update);
      update();
    }
  }

  tellOpenings();
  chooseComune();
  tickDocuments();
  followRate();
})();
