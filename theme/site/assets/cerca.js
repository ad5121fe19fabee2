// The search form: words and facets in, a list out. How pages are ranked is in motore.js.
// Nothing is written into the address, the title, the history or any storage.
const ENGINE = new URL("motore.js", document.currentScript.src).href;
const FACETS = [["area", "Area"], ["comune", "Comune"], ["per chi", "Per chi"], ["costo", "Costo"]];
const STEP = 10; // results shown at first, and at each «Mostra altri risultati»
const PAUSE = 250; // milliseconds without a key before the search starts

const part = (name) => document.getElementById(`cerca-${name}`);

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function startSearch(form) {
  const [input, status, list, more, filters] =
    ["parole", "esito", "risultati", "altri", "filtri"].map(part);
  const chosen = new Map(FACETS.map(([name]) => [name, new Set()]));
  let answer = { results: [], correction: "", facets: new Map() };
  let asked = 0; // the number of the last question: answers to earlier ones come too late
  let shown = 0;
  let timer;

  const hasFacet = (id, name) => {
    const values = [...chosen.get(name)];
    return !values.length || values.some((value) => answer.facets.get(name)?.get(value)?.has(id));
  };
  // The results that fit all chosen facets, but for the one named.
  const fitting = (but) =>
    answer.results.filter(({ id }) => FACETS.every(([name]) => name === but || hasFacet(id, name)));

  async function ask() {
    clearTimeout(timer);
    const turn = ++asked;
    const question = input.value.trim();
    if (!question) return show({ ...answer, results: [], correction: "" }, turn);
    list.setAttribute("aria-busy", "true");
    status.textContent = "Sto cercando…";
    try {
      const { find } = await import(ENGINE);
      await show(await find(question), turn);
    } catch {
      if (turn === asked) status.textContent = "La ricerca non risponde. Prova dalla A alla Z.";
    }
    if (turn === asked) list.setAttribute("aria-busy", "false");
  }

  async function show(found, turn) {
    if (turn !== asked) return;
    answer = found;
    drawFacets();
    await restart();
  }

  async function restart() {
    shown = 0;
    list.replaceChildren();
    status.textContent = told(fitting().length);
    await extend();
  }

  function told(count) {
    if (!input.value.trim()) return "";
    const also = answer.correction ? ` Forse cercavi «${answer.correction}».` : "";
    if (!count) return `Nessun risultato.${also} Prova con altre parole, o guarda dalla A alla Z.`;
    return `${count} ${count === 1 ? "risultato" : "risultati"}.${also}`;
  }

  async function extend() {
    const turn = asked;
    const pages = fitting();
    const next = await Promise.all(pages.slice(shown, shown + STEP).map((page) => page.data()));
    if (turn !== asked) return undefined;
    const items = next.map(drawResult);
    list.append(...items);
    shown += items.length;
    more.hidden = shown >= pages.length;
    return items[0];
  }

  function drawResult({ url, meta, filters: facets, plain_excerpt: excerpt }) {
    const link = element("a", { href: url, textContent: meta.title, className: "c-search__link" });
    const kind = element("p", { textContent: facets.tipo?.[0] ?? "Pagina", className: "c-search__kind" });
    const text = element("p", { textContent: meta.riassunto ?? excerpt, className: "c-search__text" });
    return element("li", {}, kind, link, text);
  }

  function drawFacets() {
    const focused = document.activeElement?.id;
    const groups = FACETS.map(([name, title], number) => drawFacet(name, title, number));
    filters.replaceChildren(filters.querySelector("summary"), ...groups.filter(Boolean));
    filters.hidden = !answer.results.length;
    if (focused) document.getElementById(focused)?.focus();
  }

  function drawFacet(name, title, number) {
    const pages = fitting(name);
    const values = [...(answer.facets.get(name) ?? [])].map(([value, ids]) => {
      return [value, pages.filter(({ id }) => ids.has(id)).length];
    });
    const useful = values.filter(([value, count]) => count || chosen.get(name).has(value));
    if (!useful.length) return undefined;
    const boxes = useful.map(([value, count], place) => {
      const id = `cerca-filtro-${number}-${place}`;
      const box = element("input", { type: "checkbox", id, checked: chosen.get(name).has(value) });
      box.addEventListener("change", () => choose(name, value, box.checked));
      return element("label", { htmlFor: id }, box, ` ${value} (${count})`);
    });
    return element("fieldset", {}, element("legend", { textContent: title }), ...boxes);
  }

  function choose(name, value, isChosen) {
    chosen.get(name)[isChosen ? "add" : "delete"](value);
    asked += 1;
    list.setAttribute("aria-busy", "false");
    drawFacets();
    restart();
  }

  filters.open = matchMedia("(min-width: 60rem)").matches;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  input.addEventListener("focus", () => import(ENGINE).then(({ open }) => open()).catch(() => {}), {
    once: true,
  });
  more.addEventListener("click", async () => (await extend())?.querySelector("a").focus());
}

const searchForm = document.getElementById("cerca");
if (searchForm) startSearch(searchForm);
