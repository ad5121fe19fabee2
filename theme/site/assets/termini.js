// By which day each step of a complaint falls due, for the day that the reader chooses. It counts as
// the office does (endpoint/cases/days.py); nothing is stored and nothing is sent.
"use strict";

(() => {
  const DAY = 86_400_000; // milliseconds; days are midnights in UTC, which has no summer time
  const box = document.querySelector("[data-termini]");
  if (!box) return;
  const { dal, al, fuori, sabato, festivi, termini } = JSON.parse(box.dataset.termini);
  const [first, last] = [Date.parse(dal), Date.parse(al)];
  const closed = new Set(festivi.map((day) => Date.parse(day)));
  const [fact, filed] = ["fatto", "reclamo"].map((name) => box.querySelector(`#giorno-${name}`));
  const told = box.querySelector("[role=status]");
  const cells = [...box.querySelectorAll("td")];
  const unknown = cells.map((cell) => cell.textContent);

  const isHoliday = (day) => new Date(day).getUTCDay() === 0 || closed.has(day);
  const isWorking = (day) => !isHoliday(day) && (sabato || new Date(day).getUTCDay() !== 6);

  /** The last day of a term; null if the calendar does not reach it. */
  function due(start, days, working) {
    let day = start;
    for (let left = days; left || isHoliday(day);) {
      if (day >= last || (working && day + DAY < first)) return null;
      day += DAY;
      if (left && (!working || isWorking(day))) left -= 1;
    }
    return day < first || day > last ? null : day;
  }

  const WORDS = new Intl.DateTimeFormat("it", { dateStyle: "full", timeZone: "UTC" });
  const words = (day) => WORDS.format(day).replace(" 1 ", " 1º ");
  const today = () => new Intl.DateTimeFormat("sv", { timeZone: "Europe/Rome" }).format();

  function show() {
    const given = filed.value || today();
    const start = { fatto: Date.parse(fact?.value || NaN), presentazione: Date.parse(given) };
    let before = NaN; // not known
    termini.forEach(([days, working, from], index) => {
      start.fase_precedente = before;
      const begin = from in start ? start[from] : NaN;
      before = begin === null || Number.isNaN(begin) ? begin : due(begin, days, working);
      const isPast = from === "fatto" && before && before < start.presentazione;
      const said = before === null ? fuori : Number.isNaN(before) ? unknown[index] : words(before);
      cells[index].textContent = isPast ? `${said}: il reclamo arriva dopo` : said;
    });
    const when = `${given === today() ? "oggi, " : ""}${words(start.presentazione)}`;
    told.textContent = start.fatto > start.presentazione
      ? "Il giorno del fatto viene dopo quello del reclamo: controlla le date."
      : `Se presenti il reclamo ${when}, i termini scadono in questi giorni.`;
  }

  filed.value = today();
  box.addEventListener("input", show);
  box.classList.add("c-due--live");
  box.querySelector("[hidden]").hidden = false;
  show();
})();
